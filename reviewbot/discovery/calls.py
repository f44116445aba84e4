"""Which of the prompts that were found make one call, and what belongs to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import (
    Configuration,
    Defaults,
    Guess,
    PromptReference,
    Workflow,
)
from reviewbot.configuration.shape.workflows import reference
from reviewbot.discovery.call_files import samples_of, tools_of
from reviewbot.discovery.call_tools import call_tools
from reviewbot.discovery.findings import Findings, Found, LeftOut, Nearby
from reviewbot.discovery.names import names_of
from reviewbot.discovery.parts import Part, added_in, parts_of
from reviewbot.discovery.read_ahead import read_ahead
from reviewbot.discovery.template_shapes import Shape, field_shapes, shapes
from reviewbot.errors import MeasurementError, Place
from reviewbot.prompt_formats._common.shown_words import holds
from reviewbot.prompts.callers import Caller, Sent, callers_of
from reviewbot.prompts.imported_alone import imported_alone
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.prompts.sources import Source
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.trees import Tree

_NO_MODEL = "none"
_ORDER = {"system": 0, "developer": 1, None: 2, "user": 2, "assistant": 3}


class Proposed(Struct, frozen=True, kw_only=True):
    """A workflow: the prompts of one call in order, and what was found for it.

    `model` is that of the prompt files, or of the calls in other files that send them, of which one
    is `called_at`; None where they name none. `default_model` is what code falls back to then,
    which counts where it `has_default_price` and nobody has configured another model; `nearby` is
    what may be assumed instead. `samples` is a glob, None where no files were found;
    `has_own_samples` says that a prompt file holds some. `variables` are those that a sample must
    give, as far as they could be told, with guesses of what they hold; `shapes` are what the
    templates make of each. `filled` are variables whose text is one of the prompts. `is_developers`
    says that no product sends it, but agents of those who write it.
    """

    name: str
    prompts: tuple[Found, ...]
    model: str | None = None
    called_at: Place | None = None
    default_model: str | None = None
    has_default_price: bool = False
    nearby: Nearby | None = None
    tools: tuple[str, ...] = ()
    samples: str | None = None
    has_own_samples: bool = False
    has_variables: bool = False
    variables: Mapping[str, Any] = {}
    shapes: Mapping[str, Shape] = {}
    filled: frozenset[str] = frozenset()
    is_developers: bool = False


class _Call(Struct, frozen=True, kw_only=True):
    """What was read of prompts that are sent together; `filled` are fields that some fill."""

    prompts: tuple[Found, ...]
    sources: tuple[Source, ...]
    has_roles: bool
    filled: frozenset[str] = frozenset()


def written_path(found: Found) -> str | None:
    """The prompt as the configuration names it; None where it cannot."""
    return reference(found.path, found.selector)


def propose(
    findings: Findings, tree: Tree, parser: LimitedParser
) -> tuple[tuple[Proposed, ...], tuple[LeftOut, ...]]:
    """The workflows, sorted by name, and what is in none of them."""
    left_out: list[LeftOut] = []
    reader = SourceReader(tree, {}, parser)
    read_ahead([item.path for item in findings.prompts], reader, parser)
    calls = _read(findings.prompts, reader, left_out)
    included = {
        path: call.prompts[0].path
        for call in calls
        for path in call.sources[0].files
        if path != call.prompts[0].path
    }
    firsts = [call.prompts[0] for call in calls]
    wholes = {(first.path, first.selector): first.text for first in firsts}
    standing = []
    for call in calls:
        first = call.prompts[0]
        whole = _whole(first, included, wholes)
        if whole is not None:
            what = written_path(first) or first.path
            left_out.append(LeftOut(what=what, why=f"it is a part of {whole}"))
        elif imported := _only_imports(call, wholes, reader):
            left_out.append(LeftOut(what=first.path, why=f"it only imports {imported}"))
        else:
            standing.append(call)
    parts = parts_of([(call.prompts[0], call.sources[0]) for call in standing], reader)
    left_out += _left_out(standing, parts)
    joined = list(_joined(call for number, call in enumerate(standing) if number not in parts))
    joined = [_with_parts(call, standing, parts) for call in joined]
    firsts = [call.prompts[0] for call in joined]
    names = names_of(firsts)
    lines = [call.sources[0].messages[0].template.line for call in joined]
    told = call_tools([*zip(firsts, lines, strict=True)], findings.tools, reader)
    tools = tools_of(findings.tools, firsts, told, left_out)
    samples = samples_of(firsts, tree)
    models = [_models(call.sources) for call in joined]
    callers = callers_of(
        (
            Sent(workflow=names[number], path=it.path, selector=it.selector, text=it.text)
            for number, call in enumerate(joined)
            if models[number] == {"model": None}
            for it in call.prompts
        ),
        reader,
    )
    proposed = [
        Proposed(
            name=names[number],
            prompts=call.prompts,
            **_called(callers.get(names[number]), models[number]),
            tools=tools.get(number, ()),
            samples=samples.get(number),
            has_own_samples=any(source.own_samples for source in call.sources),
            shapes=shapes_of(call.sources, reader),
            filled=call.filled,
            has_variables=any(
                message.template.engine is not None
                for source in call.sources
                for message in source.messages
            ),
        )
        for number, call in enumerate(joined)
    ]
    return tuple(sorted(proposed, key=lambda item: item.name)), tuple(left_out)


def shapes_of(sources: Iterable[Source], reader: SourceReader) -> dict[str, Shape]:
    """What the templates of a call, and what they include, make of their variables."""
    texts: dict[str, None] = {}
    fields: list[str] = []
    for source in sources:
        own = {message.template.text: message.template.engine for message in source.messages}
        fields += [text for text, engine in own.items() if engine == "str-format"]
        tagged = [text for text, engine in own.items() if engine not in _NO_TAGS]
        if tagged:
            texts |= dict.fromkeys((*tagged, *map(reader.text, [*source.files][1:])))
    return {**shapes(texts), **field_shapes(fields)}


_NO_TAGS = {None, "str-format", "python-text", "typescript-text"}
"""Engines without tags; the variables of source code are expressions."""

_Wholes = Mapping[tuple[str, str | None], str]
"""The texts of what is proposed, as far as they are told, by path and selector."""


def _whole(found: Found, included: Mapping[str, str], wholes: _Wholes) -> str | None:
    """The file, or the other name of its file, that a prompt is only a part of.

    A file that is included, and whose own name says prompt, is sent by itself too.
    """
    if found.selector is None:
        is_whole = "prompt" in found.path.lower().rpartition("/")[2]
        return (
            None if is_whole or prompt_formats.is_prompt(found.path) else included.get(found.path)
        )
    steps = found.selector.split(".")
    above = (".".join(steps[:count]) for count in range(1, len(steps)))
    told = (name for name in above if (found.path, name) in wholes)
    return next((name for name in told if holds(wholes[found.path, name], found.text)), None)


def _only_imports(call: _Call, wholes: _Wholes, reader: SourceReader) -> str:
    """The file, proposed itself, that is all that another one hands on; else nothing."""
    first = call.prompts[0].path
    others = [path for path in call.sources[0].files if path != first]
    if len(others) != 1 or (others[0], None) not in wholes:
        return ""
    return others[0] if imported_alone(reader.text(first)) else ""


def _read(prompts: Iterable[Found], reader: SourceReader, left_out: list[LeftOut]) -> list[_Call]:
    """Each prompt by itself, as far as it can be read; without its role where it has its own."""
    calls = []
    for found in prompts:
        what = f"{found.path}#{found.selector}" if found.selector else found.path
        if written_path(found) is None:
            left_out.append(LeftOut(what=what, why="the configuration cannot name such a path"))
            continue
        try:
            calls.append(_one(found, reader))
        except MeasurementError as error:
            problem = error.problems[0]
            why = f"line {problem.place.line}: " if problem.place and problem.place.line else ""
            left_out.append(LeftOut(what=what, why=f"{why}{problem.what}; {problem.mend}"))
    return calls


def _one(found: Found, reader: SourceReader) -> _Call:
    for role in (found.role or "user", None):
        try:
            source = _source(found, role, reader)
        except MeasurementError:
            if role is None:
                raise
            continue
        with_role = replace(found, role=found.role if role is not None else None)
        return _Call(prompts=(with_role,), sources=(source,), has_roles=role is None)
    raise AssertionError(found)


def _source(found: Found, role: str | None, reader: SourceReader) -> Source:
    place = Place(file=found.path)
    item = PromptReference(
        path=found.path, selector=found.selector, format=found.format, role=role, place=place
    )
    workflow = Workflow(name="", place=place, prompts=(item,), traffic=(), assumed=(Guess.MODEL,))
    return reader.read(workflow, _SETTINGS)


_SETTINGS = Configuration(file="", workflows={}, defaults=Defaults(model=_NO_MODEL))


def _joined(calls: Iterable[_Call]) -> Iterator[_Call]:
    """Calls whose prompts are named as the messages of one, or added to one list, are made one."""
    alike: dict[object, list[_Call]] = {}
    for call in calls:
        first = call.prompts[0]
        key = added_in(first) or (first.group, first.name)
        alike.setdefault((first.path, first.selector) if call.has_roles else key, []).append(call)
    for group in alike.values():
        roles = [call.prompts[0].role or "user" for call in group]
        is_one = len(set(roles)) == len(roles) or added_in(group[0].prompts[0]) is not None
        if len(group) == 1 or not is_one:
            yield from group
            continue
        group.sort(key=lambda call: _ORDER[call.prompts[0].role])
        yield _Call(
            prompts=tuple(call.prompts[0] for call in group),
            sources=tuple(call.sources[0] for call in group),
            has_roles=False,
        )


def _left_out(standing: Sequence[_Call], parts: Mapping[int, Part]) -> Iterator[LeftOut]:
    """The texts that others have, each with the first of these."""
    names = [written_path(call.prompts[0]) or call.prompts[0].path for call in standing]
    for number, part in parts.items():
        if part.wholes:
            yield LeftOut(what=names[number], why=f"it is a part of {names[part.wholes[0]]}")


def _with_parts(call: _Call, standing: Sequence[_Call], parts: Mapping[int, Part]) -> _Call:
    """The call with the texts that fill fields of it, and are known by other names only."""
    added: list[_Call] = []
    filled: set[str] = set()
    for number, part in parts.items():
        names = [name for at, name in part.fields if standing[at].prompts[0] in call.prompts]
        if names and not part.wholes:
            added.append(standing[number])
            filled.update(names)
    return replace(
        call,
        prompts=(*call.prompts, *(item.prompts[0] for item in added)),
        sources=(*call.sources, *(item.sources[0] for item in added)),
        filled=frozenset(filled),
    )


def _called(caller: Caller | None, models: dict[str, Any]) -> dict[str, Any]:
    """The model of the calls that send prompts, else what these name themselves."""
    if caller is not None and caller.model is not None:
        return {"model": caller.model, "called_at": caller.place}
    if caller is None or caller.default_model is None:
        return models
    near = Nearby(model=caller.default_model, place=caller.place, is_sent=True)
    return models | {"nearby": near}


def _models(sources: Sequence[Source]) -> dict[str, Any]:
    """The model that prompts name; else what their code falls back to, if that is one model."""
    named = [item.model for item in sources if item.model != _NO_MODEL and not item.default_model]
    usual = {item.default_model: item.model != _NO_MODEL for item in sources if item.default_model}
    if named or len(usual) != 1:
        return {"model": named[0] if named else None}
    ((model, is_priced),) = usual.items()
    return {"default_model": model, "has_default_price": is_priced}
