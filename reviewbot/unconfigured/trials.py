"""Finds for each proposed workflow a form that `check` measures, in few measurements."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.configuration_text import configuration_text, sample_lines
from reviewbot.discovery.variable_guesses import formatted_values, guessed_value
from reviewbot.errors import ConfigurationError, Problem
from reviewbot.report import Report, Verdict, WorkflowReview
from reviewbot.repository.revisions import Comparison
from reviewbot.tokens.claude import not_installed
from reviewbot.unconfigured.comparisons import with_configuration
from reviewbot.unconfigured.undefined_names import undefined_names

Measure = Callable[[Comparison], Report]


class Tried(Struct, frozen=True, kw_only=True):
    """The workflows in the form that was measured last, and why some cannot be, by their names.

    `empty` are those that were measured and send no text.
    """

    workflows: tuple[Proposed, ...]
    problems: Mapping[str, Problem]
    empty: frozenset[str] = frozenset()


def tried(
    comparison: Comparison, file: str, workflows: Sequence[Proposed], measure: Measure
) -> Tried:
    """Measure each workflow until one form of it can be, all that wait in one review.

    With variables it is tried with a sample of a text for each, by the names that rendering misses;
    then without a sample, without the sample files, and with guessed formats read as text.
    """
    trials = {item.name: _Trial(item) for item in workflows}
    waiting = dict(trials)
    while waiting:
        for name in _too_long(trials):
            trials[name].leave_out_sample()
            waiting[name] = trials[name]
        report = _measured(comparison, file, [item.form for item in waiting.values()], measure)
        found = _problems(report)
        for item in report.workflows:
            trials[item.name].is_empty = _is_empty(trials[item.name].form, item)
        waiting = {name: trial for name, trial in waiting.items() if trial.goes_on(found.get(name))}
    return Tried(
        workflows=tuple(trial.form for trial in trials.values()),
        problems={
            name: trial.problem for name, trial in trials.items() if trial.problem is not None
        },
        empty=frozenset(name for name, trial in trials.items() if trial.is_empty),
    )


def _is_empty(form: Proposed, review: WorkflowReview) -> bool:
    """Whether what is sent is the provider's framing of messages without text."""
    if review.after is None or form.tools:
        return False
    return review.after.mean_input_tokens <= _OF_CALL + _OF_MESSAGE * len(form.prompts)


_OF_CALL, _OF_MESSAGE = 3, 4
"""Tokens of OpenAI's framing, of models without a published one too."""


_MOST_CHARACTERS = 300_000
"""Of all samples, of the 1 MiB that a configuration may have."""


def _too_long(trials: Mapping[str, "_Trial"]) -> Iterator[str]:
    """The workflows whose samples are so long that a configuration does not take all of them."""
    sizes = {
        name: sum(map(len, sample_lines(trial.form.variables)))
        for name, trial in trials.items()
        if trial.form.variables
    }
    left = sum(sizes.values())
    for name in sorted(sizes, key=lambda name: -sizes[name]):
        if left <= _MOST_CHARACTERS:
            return
        left -= sizes[name]
        yield name


class _Trial:
    """The forms of one workflow, one after another; `form` is the one that is measured next."""

    def __init__(self, workflow: Proposed) -> None:
        self._forms = _forms(workflow)
        self._rounds = 0
        self.form = next(self._forms)
        self.problem: Problem | None = None
        self.is_empty = False

    def leave_out_sample(self) -> None:
        """Measure the form without a sample next."""
        self.form = next(self._forms)

    def goes_on(self, problem: Problem | None) -> bool:
        """Take what came of the form; whether there is another one to be measured."""
        self.problem = None if problem == not_installed() else problem
        if self.problem is None or problem is None:
            return False
        if self.form.variables and self._rounds < _MOST_ROUNDS:
            self._rounds += 1
            if filled := self._filled(problem):
                self.form = replace(self.form, variables=filled)
                return True
        following = next(self._forms, None)
        if following is not None:
            self.form = following
        return following is not None

    def _filled(self, problem: Problem) -> dict[str, Any] | None:
        """The variables with what the problem asks for; None where it asks for nothing new."""
        known = {name: value for name, value in self.form.variables.items() if name != NO_VARIABLE}
        shapes = self.form.shapes
        names = undefined_names(problem)
        guessed = dict(guessed_value(name, shapes) for name in names) | formatted_values(problem)
        if guessed.items() <= known.items() and not names:
            guessed = dict(guessed_value(name, shapes) for name in shapes if name not in known)
        guessed |= dict.fromkeys(guessed.keys() & self.form.filled, "")
        filled = known | guessed
        return filled if filled != known else None


_MOST_ROUNDS = 8
"""Each round measures once more, which takes time; behind the last the next form is tried."""

NO_VARIABLE = "_"
"""A variable that no template has, so that there is a sample before any is known."""


def _forms(workflow: Proposed) -> Iterator[Proposed]:
    """The forms of a workflow, the best one first, all different."""
    yield from _sampled(workflow)
    without_samples = replace(workflow, samples=None)
    if without_samples != workflow:
        yield from _sampled(without_samples)
    without_guesses = replace(
        without_samples,
        prompts=tuple(
            replace(found, format="text") if found.is_guess else found for found in workflow.prompts
        ),
    )
    if without_guesses != without_samples:
        yield without_guesses


def _sampled(workflow: Proposed) -> Iterator[Proposed]:
    if workflow.has_variables and not (workflow.has_own_samples or workflow.samples):
        yield replace(workflow, variables={NO_VARIABLE: ""})
    yield workflow


def _measured(
    comparison: Comparison, file: str, workflows: Sequence[Proposed], measure: Measure
) -> Report:
    text = configuration_text(workflows, {}, ())
    try:
        return measure(with_configuration(comparison, file, text))
    except ConfigurationError as error:
        raise AssertionError(str(error)) from error


def _problems(report: Report) -> dict[str, Problem]:
    """Why workflows cannot be measured, by their names."""
    return {
        item.name: item.problems[0] if item.problems else _NO_REASON
        for item in report.workflows
        if item.verdict == Verdict.UNMEASURED
    }


_NO_REASON = Problem(what="no reason is known", mend="name it to reviewbot's authors")
