"""A workflow's call with each sample: its messages, put together from rendered texts."""

from collections.abc import Hashable, Iterable, Iterator
from itertools import chain
from operator import is_

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.errors import Place, Problem
from reviewbot.measurement.template_problems import template_problems
from reviewbot.prompt import Constant, MessageTemplate, Sample
from reviewbot.prompts.sources import LocatedMessage, Source
from reviewbot.rendering.jobs import Rendered
from reviewbot.scope.affected import Affected, Side
from reviewbot.tokens import (
    Message,
)

_CALL_CHARACTERS = 2_000
"""What putting a call together and counting it takes, as if it were so much more text."""

STATIC = Sample(name="static", variables={})
"""Stands in where there are no samples: the template's own text, every variable empty."""


class Calls(Struct, frozen=True, kw_only=True):
    """The messages of a workflow's call, one tuple for each sample.

    `constants` says of each message with the first sample how its text begins whatever the
    variables. `places` says of each message of each sample where its template stands.
    """

    source: Source
    encoding: str | None
    samples: tuple[Sample, ...]
    messages: tuple[tuple[Message, ...], ...]
    constants: tuple[Constant, ...]
    places: tuple[tuple[Place, ...], ...]

    @property
    def characters(self) -> int:
        """Of all messages with all samples."""
        return sum(len(item.text) for messages in self.messages for item in messages)

    @property
    def texts(self) -> Iterator[str]:
        """Of all messages with all samples."""
        return (item.text for messages in self.messages for item in messages)

    @property
    def has_variables(self) -> bool:
        """Whether any message is a template; a text is the same with every sample."""
        return any(message.template.engine is not None for message in self.source.messages)


class UnseenText(Struct, frozen=True, kw_only=True):
    """Text that no rendering shows: where it stands, what it is, and how many values are in it.

    `lost` are the words that its file has lost beside. `values` says which values show it.
    """

    path: str
    first_line: int
    last_line: int
    text: str
    open_values: int = 0
    lost: str = ""
    values: str = ""


class Unseen(Struct, frozen=True, kw_only=True):
    """What no sample shows.

    `by_change` is text that the samples showed before the change, or that is new. `by_samples` is
    text that the governing samples show, and the change's own do not. `added_values` are those that
    a change adds to templates without samples, which count as empty.
    """

    by_change: tuple[UnseenText, ...] = ()
    by_samples: tuple[UnseenText, ...] = ()
    added_values: tuple[UnseenText, ...] = ()


NOTHING_UNSEEN = Unseen()


class RenderedWorkflow(Struct, frozen=True, kw_only=True):
    """A workflow's calls in the states that are measured.

    `before` and `after` use the governing samples, `proposed` the head's own; each is None where
    there is no such state or it could not be rendered, for which the problems give the reasons.
    `supplied` are variables of which `after` has the change's own values, `largest` is *after* with
    the largest that are known for them; `is_largest_unknown` says that it could not be rendered.
    `unseen` is text that no sample shows.
    """

    affected: Affected
    before: Calls | None = None
    after: Calls | None = None
    proposed: Calls | None = None
    before_problems: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    supplied: tuple[str, ...] = ()
    largest: Calls | None = None
    is_largest_unknown: bool = False
    unseen: Unseen = NOTHING_UNSEEN

    @property
    def work(self) -> int:
        """What it takes to render and count: characters, and some more for each call."""
        states = (self.before, self.after, self.proposed)
        calls = sum(len(item.messages) for item in states if item is not None)
        return self.characters + calls * _CALL_CHARACTERS

    @property
    def characters(self) -> int:
        """Of all texts, those that two states have in common twice."""
        states = (self.before, self.after, self.proposed)
        return sum(calls.characters for calls in states if calls is not None)


Texts = dict[Hashable, tuple[Rendered | Problem, ...]]


class _TextKey:
    """What a text depends on: values, and samples, which are too large to compare but by identity.

    It is hashed once, since each text is looked up several times.
    """

    __slots__ = ("_hash", "_samples", "_values")

    def __init__(self, values: Hashable, samples: tuple[Sample, ...]) -> None:
        self._values = values
        self._samples = samples
        self._hash = hash((values, *map(id, samples)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _TextKey)
            and self._hash == other._hash
            and are_the_same(self._samples, other._samples)
            and self._values == other._values
        )


def are_the_same(some: tuple[Sample, ...], others: tuple[Sample, ...]) -> bool:
    """Whether two states have the same samples, in the same order."""
    return len(some) == len(others) and all(map(is_, some, others))


def text_key(side: Side, message: LocatedMessage, samples: tuple[Sample, ...]) -> Hashable:
    """What a template's texts depend on; its own file's id says no more than the template does.

    The key holds the samples, so that none of their ids is given twice. A side is not held, so a
    text that depends on any file is not kept.
    """
    files: Hashable = id(side)
    if message.complete:
        files = tuple(item for item in message.files.items() if item[0] != message.path)
    return _TextKey((message.template, message.options, message.path, files), samples)


def calls_of(
    side: Side | None, samples: tuple[Sample, ...], texts: Texts
) -> tuple[Calls | None, tuple[Problem, ...]]:
    """A workflow's call with each of `samples`, or why there is none; neither without a `side`."""
    if side is None:
        return None, ()
    columns: list[list[tuple[Message, ...]]] = []
    constants: list[Constant] = []
    end: Constant | None = None
    problems: list[Problem] = []
    for message in side.source.messages:
        template = message.template
        if template.engine is None:
            columns.append([(_message(template, template.text),)] * len(samples))
            constants += _constants(message, [Constant(characters=len(template.text))], end)
            continue
        results = texts[text_key(side, message, samples)]
        problems += template_problems(side, message, zip(samples, results, strict=True))
        rendered = [result for result in results if isinstance(result, Rendered)]
        columns.append([_messages(template, result) for result in rendered])
        for result in rendered[:1]:
            constants += _constants(message, _rendered_constants(result), end)
            if result.constant.line is not None:
                end = replace(result.constant, characters=0)
    if problems:
        return None, tuple(dict.fromkeys(problems))
    rows = zip(*columns, strict=True) if columns else [() for _ in samples]
    calls = Calls(
        source=side.source,
        encoding=side.encoding,
        samples=samples,
        messages=tuple(tuple(chain.from_iterable(row)) for row in rows),
        constants=tuple(constants),
        places=_places(side.source, columns, len(samples)),
    )
    return calls, ()


def _places(
    source: Source, columns: list[list[tuple[Message, ...]]], samples: int
) -> tuple[tuple[Place, ...], ...]:
    places = [Place(file=item.path, line=item.template.line) for item in source.messages]
    return tuple(
        tuple(
            chain.from_iterable(
                [place] * len(column[sample]) for place, column in zip(places, columns, strict=True)
            )
        )
        for sample in range(samples)
    )


def _messages(template: MessageTemplate, rendered: Rendered) -> tuple[Message, ...]:
    """The messages that a rendered text holds: one, unless its engine tells several apart."""
    if rendered.parts is None:
        return (_message(template, rendered.text),)
    return tuple(
        Message(role=part.role, text=part.text, images=() if number else template.images)
        for number, part in enumerate(rendered.parts)
    )


def _message(template: MessageTemplate, text: str) -> Message:
    return Message(
        role=template.role,
        text=text,
        name=template.name,
        images=template.images,
        documents=template.documents,
    )


def _constants(
    message: LocatedMessage, constants: Iterable[Constant], end: Constant | None
) -> Iterator[Constant]:
    """The constants of a message's texts, as far as no image of it varies.

    None of them begins behind an `end`, where other calls may have other messages.
    """
    if end is not None:
        return (end for _ in constants)
    if any(image.varies for image in message.template.images):
        varying = Constant(characters=0, path=message.path, line=message.template.line)
        return (varying for _ in constants)
    return iter(constants)


def _rendered_constants(rendered: Rendered) -> Iterator[Constant]:
    """How each message of a rendered text begins whatever the variables."""
    whole = rendered.constant
    if rendered.parts is None:
        yield whole
        return
    for part in rendered.parts:
        length = len(part.text)
        if whole.line is None or whole.characters > part.start + length:
            yield Constant(characters=length)
        else:
            yield replace(whole, characters=max(0, whole.characters - part.start))
