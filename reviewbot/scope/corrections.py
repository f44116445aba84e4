"""Workflows whose guesses a change corrects: their text and limits stay, so nothing is weakened.

`init` may take one text of a file for a prompt that is the whole file. To name the whole instead
takes nothing out of the call, as long as nobody edits the file in the same change.
"""

from collections.abc import Iterable, Iterator, Mapping

from reviewbot.configuration.settings import Guess, PromptReference, Workflow
from reviewbot.errors import MeasurementError
from reviewbot.prompt import MessageTemplate
from reviewbot.repository.trees import Tree
from reviewbot.scope.differences import inline_samples, same_terms
from reviewbot.scope.governing import Configurations
from reviewbot.scope.workflow_reading import Readers

_KEPT = ("envelope", "feature", "owner", "complexity", "max_tokens", "encoding", "counts_as")
"""What a workflow under a new name must say as the old one did."""

_HIDING = ("{%", "{#", "{{", "<%", "<!--")
"""Marks by which another template language may leave text out."""


class Corrections:
    """What a change corrects, found by reading both sides."""

    def __init__(self, configurations: Configurations, readers: Readers) -> None:
        self._configurations = configurations
        self._readers = readers

    def widened(self, was: Workflow, head: Workflow) -> Mapping[str, str]:
        """Prompts that are replaced by one of which they are a part, with its name.

        The whole sends each of their texts as a message, and its file is the base's.
        """
        old = {item.name for item in was.prompts}
        new = [item for item in head.prompts if item.name not in old]
        kept = {item.name for item in head.prompts}
        return {
            part.name: whole.name
            for part in (was.prompts if new else ())
            if part.name not in kept
            for whole in new
            if _is_part(part, whole) and self._is_sent(was, part, head, whole)
        }

    def successor(self, name: str) -> str | None:
        """The new workflow that has all of a removed one, of which something was a guess."""
        configurations = self._configurations
        was = configurations.before.workflows[name]
        governing = configurations.governing
        if configurations.advisory is not None or governing.baseline is not None:
            return None
        base = governing.workflows.get(name)
        if base is None or not base.assumed or not same_terms(base, was):
            return None
        if any(budget.match.workflow == name for budget in governing.budgets):
            return None
        return next((new.name for new in self._new() if self._succeeds(new, was)), None)

    def _new(self) -> Iterator[Workflow]:
        known = {
            **self._configurations.before.workflows,
            **self._configurations.governing.workflows,
        }
        for name, workflow in self._configurations.after.workflows.items():
            if name not in known:
                yield workflow

    def _succeeds(self, new: Workflow, was: Workflow) -> bool:
        names, paths = ({getattr(item, key) for item in new.prompts} for key in ("name", "path"))
        if {item.path for item in was.prompts} != paths or not _says_the_same(new, was):
            return False
        widened = self.widened(was, new)
        covered = all(item.name in names or item.name in widened for item in was.prompts)
        files, is_known = self._readers.after.files(new)
        return covered and is_known and self._stay(files)

    def _stay(self, paths: Iterable[str]) -> bool:
        """Whether the change leaves all these files as the base has them."""
        before, after = self._readers.before.tree, self._readers.after.tree
        return all(_content(before, path) == _content(after, path) is not None for path in paths)

    def _is_sent(
        self, was: Workflow, part: PromptReference, head: Workflow, whole: PromptReference
    ) -> bool:
        if not self._stay([part.path]):
            return False
        try:
            old = self._readers.before.prompts.prompt(part, was.templates).file
            new = self._readers.after.prompts.prompt(whole, head.templates).file
        except MeasurementError:
            return False
        return bool(old.messages) and all(
            any(_says(message, text) for message in new.messages) for text in old.messages
        )


def _is_part(part: PromptReference, whole: PromptReference) -> bool:
    if part.path != whole.path or part.selector is None:
        return False
    return whole.selector is None or part.selector.startswith(f"{whole.selector}.")


def _says(message: MessageTemplate, text: MessageTemplate) -> bool:
    """Whether a message is the text; in another language only where no marks could hide some."""
    if message.text.strip() != text.text.strip():
        return False
    is_same = message.engine == text.engine or message.engine is None
    return is_same or not any(mark in text.text for mark in _HIDING)


def _says_the_same(new: Workflow, was: Workflow) -> bool:
    """Whether only what the old workflow calls a guess differs."""
    if any(getattr(new, key) != getattr(was, key) for key in (*_KEPT, "templates")):
        return False
    tools = [[tool.name for tool in item.tools] for item in (new, was)]
    same = {
        Guess.MODEL: new.model == was.model,
        Guess.TRAFFIC: new.traffic == was.traffic,
        Guess.SAMPLES: not was.samples or inline_samples(new) == inline_samples(was),
    }
    return tools[0] == tools[1] and all(
        is_same or guess in was.assumed for guess, is_same in same.items()
    )


def _content(tree: Tree, path: str) -> str | None:
    entry = tree.entry(path)
    return entry.object_id if entry is not None else None
