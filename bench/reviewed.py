"""What reviewbot itself makes of each prompt that a repository's configuration names."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from reviewbot.allowance import Allowance
from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import Configuration, PromptReference, Workflow
from reviewbot.errors import MeasurementError, Problem
from reviewbot.measurement.calls import STATIC, Calls
from reviewbot.measurement.renderer import Renderer
from reviewbot.prompt import Sample
from reviewbot.prompt.sizes import sized
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import compare
from reviewbot.scope.affected import Affected, Side, State, Terms
from reviewbot.telemetry import Counts
from reviewbot.tokens import Counter, resolve

CONFIGURATION = ".github/reviewbot.yml"
_PATIENT = Limits(step_seconds=20.0, slow_seconds=600.0)
"""A busy machine is no fault of a template's."""


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """One prompt with one sample: its messages as pairs of role and text, and their tokens.

    `problem` is what reviewbot says instead. `engine` fills the texts; None where they are sent as
    they stand. `is_static` where there are no samples, so that every variable is empty.
    """

    path: str
    selector: str | None
    format: str
    role: str | None
    engine: str | None
    options: Mapping[str, Any]
    variables: Mapping[str, Any]
    is_static: bool
    messages: tuple[tuple[str, str], ...] = ()
    tools: tuple[Mapping[str, Any], ...] = ()
    tokens: tuple[int, ...] = ()
    encoding: str = ""
    problem: str | None = None

    @property
    def name(self) -> str:
        """The prompt as a configuration names it."""
        return self.path if self.selector is None else f"{self.path}#{self.selector}"


Supply = Callable[[Reviewed], Mapping[str, Any]]
"""Gives variables for a prompt that has no samples."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a workflow of several prompts sends without variables, and what each prompt gives."""

    workflow: str
    sent: tuple[tuple[str, str], ...]
    prompts: tuple[Reviewed, ...]


def renderings(repository: Path, supply: Supply) -> tuple[list[Reviewed], list[Call]]:
    """Every prompt of the configuration at the repository's HEAD, with each of its samples.

    With them come the calls of workflows that have several prompts. A prompt without samples is
    rendered as it is measured, with every variable empty, and once more with the variables that
    `supply` gives.
    """
    file = CONFIGURATION
    configuration = read_configuration((repository / file).read_text(encoding="utf-8"), file=file)
    git = Git(directory=str(repository), environment={})
    with ExitStack() as stack:
        comparison = stack.enter_context(compare(git, base="HEAD", head="HEAD"))
        reader = SourceReader(comparison.after_tree, {}, stack.enter_context(LimitedParser()))
        process = stack.enter_context(RenderingProcess(_PATIENT))
        process.start()
        reviewer = _Reviewer(
            configuration,
            reader,
            Renderer([process], Counts(clock=time.perf_counter), Allowance()),
            supply,
        )
        all_found: list[Reviewed] = []
        calls: list[Call] = []
        for workflow in configuration.workflows.values():
            found = [item for name in workflow.prompts for item in reviewer.prompt(workflow, name)]
            tools = [item for name in workflow.tools for item in reviewer.prompt(workflow, name)]
            all_found += [*found, *tools]
            static = tuple(item for item in found if item.is_static)
            sent = reviewer.sent(workflow) if len(workflow.prompts) > 1 else None
            if sent is not None and len(static) == len(workflow.prompts):
                calls.append(Call(workflow=workflow.name, sent=sent, prompts=static))
        return all_found, calls


class _Reviewer:
    def __init__(
        self, configuration: Configuration, reader: SourceReader, renderer: Renderer, supply: Supply
    ) -> None:
        self._supply = supply
        self._configuration = configuration
        self._reader = reader
        self._renderer = renderer
        self._counter = Counter()

    def prompt(self, workflow: Workflow, reference: PromptReference) -> list[Reviewed]:
        """The prompt as if it were alone in its workflow."""
        alone = replace(workflow, prompts=(reference,), tools=None)
        blank = Reviewed(
            path=reference.path,
            selector=reference.selector,
            format=reference.format,
            role=reference.role,
            engine=None,
            options=json.loads(workflow.templates or "{}"),
            variables={},
            is_static=True,
        )
        try:
            source = self._reader.read(alone, self._configuration)
            given = self._reader.samples.read(alone)[0] or source.own_samples or (STATIC,)
        except MeasurementError as error:
            return [_with(blank, problem=_said(error.problems))]
        engines = {message.template.engine for message in source.messages}
        blank = _with(
            blank,
            engine=next(iter(engines - {None}), None),
            encoding=resolve(source.model, encoding=workflow.encoding).encoding,
            tools=tuple(
                {"name": t.name, "description": t.description, "parameters": dict(t.parameters)}
                for t in source.tools
            ),
        )
        side = Side(source=source, encoding=workflow.encoding, reader=self._reader)
        found = self._rendered(blank, alone, side, given)
        if given == (STATIC,) and (variables := self._supply(blank)):
            made = (Sample(name="made", variables=variables),)
            found += self._rendered(blank, alone, side, made)
        return found

    def sent(self, workflow: Workflow) -> tuple[tuple[str, str], ...] | None:
        """Role and text of each message of a call; None where it is not rendered."""
        try:
            source = self._reader.read(workflow, self._configuration)
        except MeasurementError:
            return None
        side = Side(source=source, encoding=workflow.encoding, reader=self._reader)
        after = self._renderer.workflow(_new(workflow, side, (STATIC,))).after
        if after is None:
            return None
        return tuple((message.role, message.text) for message in after.messages[0])

    def _rendered(
        self, blank: Reviewed, workflow: Workflow, side: Side, samples: tuple[Sample, ...]
    ) -> list[Reviewed]:
        rendered = self._renderer.workflow(_new(workflow, side, samples))
        if rendered.after is None:
            variables = sized(dict(samples[0].variables))
            problem = _said(rendered.problems)
            is_static = samples == (STATIC,)
            return [_with(blank, problem=problem, variables=variables, is_static=is_static)]
        return self._counted(blank, rendered.after)

    def _counted(self, blank: Reviewed, calls: Calls) -> list[Reviewed]:
        return [
            _with(
                blank,
                variables=sized(dict(sample.variables)),
                is_static=sample is STATIC,
                messages=tuple((message.role, message.text) for message in messages),
                tokens=tuple(self._counter.count(m.text, blank.encoding) for m in messages),
            )
            for sample, messages in zip(calls.samples, calls.messages, strict=True)
        ]


def _new(workflow: Workflow, side: Side, samples: tuple[Sample, ...]) -> Affected:
    terms = Terms(workflow=workflow, samples=samples)
    return Affected(
        name=workflow.name,
        state=State.NEW,
        settings=workflow,
        prompts_changed=True,
        files=(),
        governing=terms,
        proposed=terms,
        after=side,
    )


def _with(reviewed: Reviewed, **changes: Any) -> Reviewed:
    return Reviewed(**{**vars(reviewed), **changes})


def _said(problems: tuple[Problem, ...]) -> str:
    first = problems[0]
    place = f"{first.place.file}:{first.place.line}: " if first.place else ""
    return f"{place}{first.what}"
