"""Changed files of texts and data, and by how much they have grown."""

from collections.abc import Collection, Iterator

from reviewbot import prompt_formats
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.rendering.parsers._common.loaded_files import file_named
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree, decode
from reviewbot.scope.affected import Resent
from reviewbot.scope.sent_otherwise.altered_files import Altered
from reviewbot.scope.sent_otherwise.texts_beside import CHARACTERS_OF_A_TOKEN
from reviewbot.scope.sent_otherwise.unread_sources import first_edited


class LoadedData:
    """Those of a change, but for the configuration and the files of workflows, which are `counted`.

    They may grow by `most_characters` before somebody has to approve it.
    """

    def __init__(
        self, comparison: Comparison, counted: Collection[str], most_characters: int
    ) -> None:
        self._comparison = comparison
        self._counted = counted
        self._most = most_characters

    def altered(self) -> Iterator[Altered]:
        """The files that code may load, without what stands in them."""
        own = OwnFiles(self._comparison.after_tree.paths)
        for change in self._comparison.changes:
            path = change.after
            if path is None or path in self._counted or prompt_formats.of_source(path):
                continue
            if file_named(path) and own.has(path):
                old = change.before or ""
                yield Altered(path=path, after="", old=old, before="", is_data=True)

    def grown(self, item: Altered, said: str, name: str) -> Iterator[Resent]:
        """That a file which code loads as `said` has grown, beside the prompt of a name."""
        if not f"/{item.path}".endswith(f"/{said}"):
            return
        before = _text(self._comparison.before_tree, item.old)
        after = _text(self._comparison.after_tree, item.path)
        more = len(after) - len(before)
        if more > self._most:
            tokens = more // CHARACTERS_OF_A_TOKEN
            form = f"with about {tokens:,} more tokens of `{said}`, which it loads"
            line = first_edited(item.path, before, after)
            yield Resent(path=item.path, line=line, name=name, form=form, is_through=True)


def _text(tree: Tree, path: str) -> str:
    data = tree.read([path]).get(path) if path else None
    if not isinstance(data, bytes):
        return ""
    found = decode(data, path)
    return found if isinstance(found, str) else ""
