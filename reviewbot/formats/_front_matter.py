"""YAML between two `---` lines at the head of a prompt file."""

import re

from reviewbot.documents import MappingNode, Scalar, parse_yaml
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.records import Record

_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


class FrontMatter(Record):
    """A file's settings, and what follows them.

    `settings` is None where the file has no front matter. `body_line` is the file's line, from 1,
    at which `body` begins.
    """

    settings: MappingNode | None
    body: str
    body_line: int


def split(text: str, *, path: str) -> FrontMatter:
    """The front matter and the body of `text`, in linear time.

    Raises:
        MeasurementError: The front matter does not end, is no YAML or no mapping.

    """
    opening = _OPENING.match(text)
    if opening is None:
        return FrontMatter(settings=None, body=text, body_line=1)
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        raise _wrong("the front matter that begins here does not end", path, 1)
    settings = parse_yaml("\n" + text[opening.end() : closing.start()], file=path)
    if isinstance(settings, Scalar) and settings.value is None:
        settings = MappingNode(line=2, entries=())
    if not isinstance(settings, MappingNode):
        raise _wrong("the front matter is not a mapping", path, settings.line)
    return FrontMatter(
        settings=settings,
        body=text[closing.end() :],
        body_line=text.count("\n", 0, closing.end()) + 1,
    )


def _wrong(what: str, path: str, line: int) -> MeasurementError:
    mend = "write `key: value` lines between two lines of `---`"
    return MeasurementError([Problem(what=what, mend=mend, place=Place(file=path, line=line))])
