"""YAML between two `---` lines at the head of a prompt file.

python-frontmatter gives values without their lines.
"""

import re

from msgspec import Struct

from reviewbot.documents import MappingNode, Scalar, parse_yaml
from reviewbot.errors import MeasurementError, Place, Problem

_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


class FrontMatter(Struct, frozen=True, kw_only=True):
    """A file's settings, and what follows them.

    `settings` is None where the file has no front matter. `body_line` is the file's line, from 1,
    at which `body` begins.
    """

    settings: MappingNode | None
    body: str
    body_line: int


class Cut(Struct, frozen=True, kw_only=True):
    """The text of a file's settings, which begins in its second line, and what follows them."""

    settings: str
    body: str
    body_line: int


def cut(text: str) -> Cut | None:
    """The two parts of `text`, whatever stands in them; None where it has no front matter."""
    opening = _OPENING.match(text)
    closing = opening and _CLOSING.search(text, opening.end())
    if opening is None or closing is None:
        return None
    return Cut(
        settings=text[opening.end() : closing.start()],
        body=text[closing.end() :],
        body_line=text.count("\n", 0, closing.end()) + 1,
    )


def split(text: str, *, path: str) -> FrontMatter:
    """The front matter and the body of `text`, in linear time.

    Raises:
        MeasurementError: The front matter does not end, is no YAML or no mapping.

    """
    parts = cut(text)
    if parts is None:
        if _OPENING.match(text) is not None:
            raise _wrong("the front matter that begins here does not end", path, 1)
        return FrontMatter(settings=None, body=text, body_line=1)
    settings = parse_yaml("\n" + parts.settings, file=path)
    if isinstance(settings, Scalar) and settings.value is None:
        settings = MappingNode(line=2, entries=())
    if not isinstance(settings, MappingNode):
        raise _wrong("the front matter is not a mapping", path, settings.line)
    return FrontMatter(settings=settings, body=parts.body, body_line=parts.body_line)


def _wrong(what: str, path: str, line: int) -> MeasurementError:
    mend = "write `key: value` lines between two lines of `---`"
    return MeasurementError([Problem(what=what, mend=mend, place=Place(file=path, line=line))])
