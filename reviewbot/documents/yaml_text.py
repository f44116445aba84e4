"""Reads YAML 1.2 by PyYAML's events, without tags and directives."""

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from reviewbot.documents.building import TreeBuilder
from reviewbot.documents.nodes import Node, Scalar
from reviewbot.documents.number_text import finite_number, whole_number
from reviewbot.errors import Problem


def load_ahead() -> None:
    """Load what reads YAML beside other work, as while git answers: it takes some 15 ms.

    A process that ends sooner waits for it: a library that is loaded while Python goes crashes it.
    """

    def load() -> None:
        import yaml  # noqa: F401 - to have it loaded

    threading.Thread(target=load).start()


def parse_yaml(
    text: str, *, file: str, repeated: list[Problem] | None = None, shares: bool = False
) -> Node:
    """The one YAML document in `text`; an empty one is a null.

    A key that stands twice is refused; where `repeated` is given, it is reported there instead, and
    the first of the two counts. Anchors, aliases and merge keys are refused unless it `shares`.

    Plain scalars are read by the core schema of YAML 1.2 (section 10.3.2): `no` is a string, `010`
    is ten, `1e5` is a number, `2_000` and `2026-11-01` are strings. Keys are strings whatever they
    look like.

    Raises:
        MeasurementError: It is not YAML, or holds or exceeds what is refused here.

    """
    import yaml

    tree = TreeBuilder(text, file, repeated, shares=shares)
    if found := _REFUSED_IN_YAML.search(text):
        tree.line = text.count("\n", 0, found.start()) + 1
        raise tree.refusal(*_why_refused(found[0]))
    last_line = text.count("\n") + (not text.endswith("\n"))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _read_events(yaml.parse(text, Loader=loader), tree, last_line)
    except yaml.MarkedYAMLError as error:
        from reviewbot.documents.syntax_slips import slip_in_yaml
        from reviewbot.documents.yaml_faults import fault

        refused = fault(text, error, last_line)
        tree.line = refused.line
        if slip := slip_in_yaml(refused):
            tree.line, what, mend = slip
            raise tree.refusal(what, mend) from None
        is_far = refused.begun < refused.line
        since = f", {error.context} from line {refused.begun}" if is_far else ""
        mend = _MENDS.get(refused.problem, _YAML_MEND)
        raise tree.refusal(f"this is not YAML: {refused.problem}{since}", mend) from None
    except (ValueError, OverflowError) as error:  # a number, or an escape that is no character
        raise tree.refusal(f"this cannot be read: {error}", _YAML_MEND) from None
    return tree.root or Scalar(line=1, value=None, text="")


def _why_refused(character: str) -> tuple[str, str]:
    if character.endswith("%"):
        return "YAML directives are refused", "take out the line that begins with `%`"
    code = f"{ord(character):04X}"
    return f"the character U+{code} is refused", f'take it out, or write "\\u{code}" in quotes'


def _read_events(events: Iterable[Any], tree: TreeBuilder, last_line: int) -> None:
    import yaml

    for event in events:
        tree.line = min(event.start_mark.line + 1, last_line)
        match event:  # what is there most often comes first
            case yaml.ScalarEvent(anchor=anchor, tag=None) if anchor is None or tree.shares:
                next_line = min(tree.line + 1, last_line)  # YAML ends lines at a bare \r too
                scalar = _yaml_scalar(event.value, event.style, tree.line, next_line)
                tree.add(scalar, anchor)
            case yaml.CollectionEndEvent():
                tree.close()
            case yaml.AliasEvent(anchor=str(anchor)) if tree.shares:
                tree.repeat(anchor)
            case yaml.NodeEvent(anchor=str()) if not tree.shares:
                raise tree.refusal(*_NOT_SHARED)
            case yaml.SequenceStartEvent(anchor=anchor, tag=None):
                tree.open("list", anchor)
            case yaml.MappingStartEvent(anchor=anchor, tag=None):
                tree.open("mapping", anchor)
            case yaml.NodeEvent():
                raise tree.refusal(*(_NO_TAGS if tree.shares else _NOT_SHARED))
            case yaml.DocumentStartEvent() if tree.root is not None:
                raise tree.refusal("a second document begins", "take it out, with its `---`")


_MEND_OF_VALUES = "write the value itself, in quotes if it is text"
_NO_TAGS = "YAML tags (`!`) are refused", _MEND_OF_VALUES
_NOT_SHARED = "YAML anchors, aliases and tags (`&`, `*`, `!`) are refused", _MEND_OF_VALUES


def _yaml_scalar(text: str, style: str | None, line: int, next_line: int) -> Scalar:
    if style:
        begins = next_line if style in "|>" and text else line
        return Scalar(line=begins, value=text, text=text, quoted=True)
    found = _PLAIN.fullmatch(text)
    value = _PLAIN_VALUES[str(found.lastgroup)](text) if found else text
    return Scalar(line=line, value=value, text=text)


_REFUSED_IN_YAML = re.compile(
    # what no YAML may hold (1.2, section 5.1); U+0085, U+2028 and U+2029, which end a line in YAML
    # 1.1 only; and directives, for which libyaml takes quadratic time
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]"
    "|(?:^|(?<=\r))\ufeff?%",
    re.MULTILINE,
)


_YAML_MEND = (
    "correct it; text needs quotes where it begins with one of @ ` % & * ! | > { [, "
    "contains `: ` or ` #`, or looks like a number"
)


_MENDS = {
    "did not find expected ',' or ']'": "close the bracket with `]`, or put a comma between items",
    "did not find expected ',' or '}'": "close the brace with `}`, or put a comma between entries",
    "did not find expected key": "indent the keys of one mapping alike, and close every quote and"
    " bracket",
    "mapping values are not allowed in this context": "indent this line like the key that it"
    " belongs to; put quotes around text that contains `: `",
}
"""The mends of what an editor's slip of the hand leads to, by libyaml's own words."""

_PLAIN = re.compile(
    r"(?P<null>null|Null|NULL|~|)"
    r"|(?P<true>true|True|TRUE)"
    r"|(?P<false>false|False|FALSE)"
    r"|(?P<integer>[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)"
    r"|(?P<real>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)


_PLAIN_VALUES: Mapping[str, Callable[[str], int | float | bool | None]] = {
    "null": lambda _: None,
    "true": lambda _: True,
    "false": lambda _: False,
    "integer": whole_number,
    "real": finite_number,
}
