"""The shape of a sample, in the configuration and in a file of its own."""

from collections.abc import Sequence
from typing import Any

from reviewbot.configuration.kinds import (
    At,
    Field,
    ListOf,
    OneOf,
    RejectedError,
    Schema,
    Section,
    Variables,
)
from reviewbot.configuration.kinds.positions import nearest, shown_key
from reviewbot.configuration.meant_values import typed
from reviewbot.configuration.settings import SamplePattern
from reviewbot.configuration.shape import scalars
from reviewbot.documents import ListNode, MappingNode, Node, Scalar
from reviewbot.prompt import Sample


class _SampleGlob:
    """Sample files, given by a glob."""

    def read(self, node: Node, at: At) -> Sample | SamplePattern:
        return SamplePattern(pattern=scalars.PATH.read(node, at), place=at.place(node.line))

    def schema(self) -> Schema:
        return {"type": "string", "description": "a glob over sample files, `samples/*.yaml`"}


def _sample(
    at: At, line: int, *, variables: dict[str, Any], name: str = "", weight: Any = None
) -> Sample:
    del at, line
    return (
        Sample(name=name, variables=variables)
        if weight is None
        else Sample(name=name, variables=variables, weight=weight)
    )


_VARIABLES = Field(
    Variables(), "the variables; `{tokens: 1200}` stands for a text of that size", required=True
)
_SAMPLE_WEIGHT = Field(scalars.WEIGHT, "how often it occurs, against the other samples; default 1")
SAMPLE_FILE = Section(
    _sample,
    {
        "name": Field(scalars.NAME, "the sample's name"),
        "weight": _SAMPLE_WEIGHT,
        "variables": _VARIABLES,
    },
)


class _InlineSample(Section[Sample]):
    """A sample in the configuration; variables that stand outside are told in one message."""

    def read(self, node: Node, at: At) -> Sample:
        entries = node.entries if isinstance(node, MappingNode) else ()
        if len(entries) == 1 and entries[0].key in _OF_FILES:
            value = entries[0].value
            if isinstance(value, Scalar) and scalars.PATH.matches(value.text):
                what = f"a pattern of sample files stands by itself, without `{entries[0].key}:`"
                raise at.reject(entries[0].key_line, what, f"write `{typed(value.text)}`")
        keys = [entry.key for entry in entries]
        beside = (
            [entry for entry in entries if entry.key not in self.fields]
            if "variables" not in keys
            else []
        )
        near = [entry for entry in beside if nearest(entry.key, self.fields, at_least=_ALIKE)]
        if not beside or near:
            return super().read(node, at)
        names = [shown_key(entry.key) for entry in beside[:_SHOWN_VARIABLES]]
        left = len(beside) - len(names)
        more = f" and {left:,} more" if left else ""
        stand = "stands" if len(beside) == 1 else "stand"
        where = "beside the sample's name"
        mend = "if these are variables, put them below `variables:`, indented by two blanks more"
        if "name" not in keys:
            is_item = at.key.endswith("]")
            where = f"{'in' if is_item else 'below'} `samples`, without a sample's name"
            mend = _with_name(names, is_item=is_item)
            if beside[0].key_line == beside[-1].value.line and not left:
                inner = ", ".join(f"{name}: …" for name in names)
                mend = f"write `{{name: typical, variables: {{{inner}}}}}`"
        what = f"{', '.join(f'`{name}`' for name in names)}{more} {stand} {where}"
        raise at.reject(beside[0].key_line, what, mend)


def _with_name(names: Sequence[str], *, is_item: bool) -> str:
    """How variables in lines of their own become a sample."""
    them = "it" if len(names) == 1 else "them"
    if is_item:
        lines, dash = "`- name: typical` and `  variables:`", ", without their own `- `,"
    else:
        lines, dash = "`name: typical` and `variables:`", ""
    return f"put the lines {lines} above {them}{dash or ','} and indent {them} by two blanks more"


_OF_FILES = ("path", "file", "files", "glob", "pattern")
_SHOWN_VARIABLES = 5
_ALIKE = 0.7
"""How alike a key and the one that is meant are to be, from 0 to 1."""


_SAMPLE_INLINE = _InlineSample(
    _sample,
    {
        "name": Field(scalars.NAME, "the sample's name, typical", required=True),
        "weight": _SAMPLE_WEIGHT,
        "variables": _VARIABLES,
    },
)


class _Samples(ListOf[Sample | SamplePattern]):
    """The samples of a workflow, each under a name of its own."""

    def read(self, node: Node, at: At) -> tuple[Sample | SamplePattern, ...]:
        samples = super().read(node, at)
        first: dict[str, int] = {}
        known = len(at.problems)
        items = node.items if isinstance(node, ListNode) else ()
        for index, (sample, item) in enumerate(zip(samples, items, strict=False)):
            name = sample.name if isinstance(sample, Sample) else ""
            if name and (line := first.setdefault(name, item.line)) != item.line:
                what = f"two samples are called {name!r}, this one and that in line {line}"
                at.item(index).report(item.line, what, "give each its own name")
        if len(at.problems) > known:
            raise RejectedError(samples)
        return samples


SAMPLES = _Samples(OneOf(_SampleGlob(), _SAMPLE_INLINE), or_one=True)
