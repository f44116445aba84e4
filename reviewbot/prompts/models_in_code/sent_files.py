"""The models that one source file names for the files of prompts that it sends."""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from reviewbot.prompts.models_in_code.mentions import Mention, mentions
from reviewbot.prompts.models_in_code.reach import Looks, Reach, named_files
from reviewbot.prompts.models_in_code.statements import Source
from reviewbot.rendering.parsers._common.known_models import is_known_model
from reviewbot.rendering.parsers._common.requests import CAPS


class SentFiles:
    """What a source file names, and which of several files its calls send."""

    def __init__(self, path: str, text: str, files: Collection[str], looks: Looks) -> None:
        self._looks = looks
        self.source = Source(path, text)
        self.mentions = mentions(self.source)
        self.files = [name for name in files if says(text, name)]

    @cached_property
    def _reach(self) -> Reach:
        return Reach(self.source, self._looks)

    def of(self, mention: Mention) -> frozenset[str]:
        """The files that are sent by the calls that a mention decides about."""
        if not self.files:
            return frozenset()
        return named_files(self._reach.texts(mention), self.files)

    def known(self) -> Iterator[Mention]:
        """The known models that it names, where it says the name of any of the files."""
        for item in self.mentions if self.files else ():
            if item.value is not None and item.key not in CAPS and is_known_model(item.value):
                yield item

    @cached_property
    def models(self) -> Mapping[str, Mapping[str, int]]:
        """The known models that the calls of each file name, each with its line."""
        found: dict[str, dict[str, int]] = {}
        for item in self.known():
            for name in self.of(item):
                found.setdefault(name, {})[item.value or ""] = item.line
        return found


def says(text: str, file: str) -> bool:
    """Whether a text has the name of a file, without its ending."""
    return file.rpartition("/")[2].partition(".")[0] in text
