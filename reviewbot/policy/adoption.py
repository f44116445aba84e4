"""The way into a gate: what comes first blocks nobody, and what is guessed is said to be.

Without a configuration on the base there is no gate that a change could weaken; without approvers
on the base nobody could approve who they are.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from reviewbot.configuration.setting_lines import Key
from reviewbot.configuration.settings import Guess, Workflow
from reviewbot.errors import Place
from reviewbot.report import STATIC_NOTE, Finding, Verdict, WorkflowReview
from reviewbot.scope.affected import Affected
from reviewbot.scope.governing import Configurations

UNSAMPLED = "so what variables hold counts as nothing"

_BLOCKING = {Verdict.FAIL, Verdict.NEEDS_APPROVAL}

GUESSED = "guessed"
"""How the note on guesses begins."""


def is_first(configurations: Configurations) -> bool:
    """Whether the change brings the first configuration; one that is broken on the base is none."""
    return configurations.advisory is not None and not configurations.is_base_broken


def as_advice(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, with a warning for each that would block."""
    return tuple(
        replace(item, verdict=Verdict.WARN) if item.verdict in _BLOCKING else item
        for item in findings
    )


def judge_first_approvers(
    configurations: Configurations, locate: Callable[[Key], Place]
) -> Iterator[Finding]:
    """The finding that a change names the first approvers."""
    governing, proposed = configurations.governing.approval, configurations.proposed.approval
    if proposed.approvers and not governing.approvers and not is_first(configurations):
        from reviewbot.policy.weakening.findings import advised

        people = ", ".join(proposed.approvers)
        text = f"the first approvers are named: {people}; from the next change on they may approve"
        yield advised(text, locate(("approval", "approvers")))


def guess_notes(affected: Sequence[Affected], *, is_first: bool = False) -> Iterator[str]:
    """What to know of figures that rest on what the configuration calls a guess.

    While no configuration governs, `is_first`, there is nothing that an approval is for.
    """
    counts = Counter(guess for item in affected for guess in _guesses(item))
    if counts:
        of = ", ".join(
            f"{guess} of {counts[guess]:,} workflow{'' if counts[guess] == 1 else 's'}"
            for guess in sorted(counts)
        )
        yield (
            f"{GUESSED}: {of}"
            if is_first
            else f"{GUESSED}, as `assumed` says: {of}; to correct a guess needs no approval"
        )


def corrected_notes(corrected: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """That a change only says which model was called all along, where the base guesses it.

    `corrected` are the model before and the one after, by the names of workflows.
    """
    several: dict[tuple[str, str], list[str]] = {}
    for name, models in corrected.items():
        several.setdefault(models, []).append(name)
    told = [
        f"the model of {_few(names)} is {now}, not {was}" for (was, now), names in several.items()
    ]
    left = len(told) - _MOST_NAMED
    more = f"; and {left:,} more such guesses" if left > 0 else ""
    if told:
        guesses = "a guess" if len(corrected) == 1 else "guesses"
        what = "; ".join(told[:_MOST_NAMED])
        yield f"you corrected {guesses}: {what}{more}; {_NO_GROWTH}"


_NO_GROWTH = "that is no change of what you pay, and no growth"


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if names[_MOST_NAMED:] else ""
    return f"{', '.join(f'`{name}`' for name in names[:_MOST_NAMED])}{more}"


def reasoning_notes(affected: Iterable[Affected]) -> Iterator[str]:
    """That a change brings a model whose reasoning is no known part of a guessed answer."""
    told: dict[str, list[str]] = {}
    for item in affected:
        if item.after is None or item.before is None:
            continue
        if Guess.TRAFFIC not in item.governing.workflow.assumed:
            continue
        was, now = (
            {side.source.model, *side.source.named_lines} for side in (item.before, item.after)
        )
        for model in sorted(now - was):
            told.setdefault(model, []).append(item.name)
    for model, names in told.items() if told else ():
        from reviewbot.tokens.reasoning import reasons

        if reasons(model):
            yield (
                f"{GUESSED}: {model} reasons before it answers; these tokens are billed as output "
                f"and are part of `output_tokens`, which is a guess in {_few(names)}: how many it "
                "takes is not known"
            )


def unsampled_note(
    workflows: Iterable[WorkflowReview], settings: Mapping[str, Workflow]
) -> Iterator[str]:
    """That what variables hold is not counted where no sample stands, and the mend."""
    names = [item.name for item in workflows if item.after and STATIC_NOTE in item.after.notes]
    found = [name for name in names if name in settings and settings[name].takes_first_samples]
    by_hand = [name for name in names if name not in found]
    for some, mend in (
        (found, "`reviewbot init --update` writes first samples, or says why not"),
        (by_hand, "give them `samples`"),
    ):
        if some:
            has = "has" if len(some) == 1 else "have"
            yield (f"{GUESSED}: {_few(some)} {has} no samples, {UNSAMPLED}; {mend}")


_MOST_NAMED = 3


def _guesses(affected: Affected) -> Iterator[Guess]:
    """What is assumed of a workflow; no model where a prompt of it names one."""
    side = affected.after or affected.before
    names_model = side is not None and side.source.model_file is not None
    for guess in affected.governing.workflow.assumed:
        if guess is not Guess.MODEL or not names_model:
            yield guess
