"""What a change that weakens its own gate is told: every weakening needs approval."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from reviewbot.configuration.setting_lines import Key, key_text
from reviewbot.configuration.settings import Guess
from reviewbot.errors import Place
from reviewbot.policy.figures_by_state import FiguresByState
from reviewbot.policy.limits import input_tokens, judge_envelope
from reviewbot.policy.unseen_text import LIGHT
from reviewbot.policy.weakening.edits import Edit, How
from reviewbot.report import Cause, CauseName, Finding, Rule, Verdict
from reviewbot.scope.affected import Affected, MovedText, Namesake, State, only_widens
from reviewbot.tokens.same_model import is_same_model

MOST_EDITS = 20
"""So many weakenings of one workflow, or of the rest of the configuration, are named."""


def judge_weakening(
    affected: Affected,
    states: FiguresByState,
    *,
    edits: tuple[Edit, ...],
    causes: tuple[Cause, ...],
    locate: Callable[[Key], Place],
) -> tuple[Finding, ...]:
    """A finding for each way in which a change would weaken the gate of one workflow.

    A new workflow has no gate of its own yet: it falls under the base's defaults, and its own
    limits are shown beside them.
    """
    cheaper = {cause.name for cause in causes if cause.usd_per_month < 0}
    by_model = (CauseName.TOKENIZER, CauseName.MODEL_PRICE)
    model_usd = sum(cause.usd_per_month for cause in causes if cause.name in by_model)
    is_claim = model_usd < 0 and not _is_called(affected)
    corrected = {
        ("workflows", affected.name, "prompts", name, "format")
        for name in affected.widened.values()
    }
    weakening = [
        edit for edit in edits if (not edit.if_cheaper or is_claim) and edit.key not in corrected
    ]
    findings = [*judge_edits(tuple(weakening), locate)]
    if affected.state is not State.CHANGED:
        return tuple(findings)
    keys: dict[CauseName, Key] = {
        CauseName.SAMPLES: ("workflows", affected.name, "samples"),
        CauseName.TRAFFIC: ("workflows", affected.name, "traffic"),
        CauseName.PRICES: ("prices",),
    }
    free = free_corrections(affected)
    none_left = ", of which none is left" if _takes_out_samples(affected) else ""
    findings += [
        weakened(
            f"the change makes itself look cheaper by its own {cause}"
            f"{none_left if cause is CauseName.SAMPLES else ''}",
            locate(key),
        )
        for cause, key in keys.items()
        if cause in cheaper
        and cause not in free
        and not (cause is CauseName.SAMPLES and _only_shows_more(affected))
    ]
    samples = keys[CauseName.SAMPLES]
    if affected.brings_samples:
        text = "the base has no samples, so the change's own were used"
        told = advised if CauseName.SAMPLES in free else weakened
        findings.append(told(text, locate(samples)))
    if states.proposed is None:
        return tuple(findings)
    governing = affected.governing.workflow.envelope
    are_samples_free = CauseName.SAMPLES in free
    if states.after is not None and not are_samples_free and (limit := governing.input_tokens):
        now, then = (input_tokens(item, limit.over) for item in (states.after, states.proposed))
        if then < now:
            text = f"the change's own samples have fewer input tokens ({limit.over})"
            findings.append(weakened(text, locate(samples)))
    told = advised if CauseName.TRAFFIC in free else weakened
    findings += [
        told(f"with this change's own settings it would break the limit of `{item.rule}`")
        for item in judge_envelope(governing, states.before, states.proposed)
        if item.verdict is not Verdict.WARN
    ]
    return tuple(findings)


def _only_shows_more(affected: Affected) -> bool:
    """Whether samples are only added, so light that no mean moves by more than a thousandth.

    All light samples together stay below a hundredth, so that several changes add up to no more.
    """
    was, now = affected.governing.samples, affected.proposed.samples
    added = [item for item in now if item not in was]
    if not added or len(now) - len(added) != len(was):
        return False
    heaviest = max((item.weight for item in was), default=Decimal(0))
    light = sum((item.weight for item in now if item.weight <= heaviest * LIGHT), Decimal(0))
    total = sum((item.weight for item in now), Decimal(0))
    new = sum((item.weight for item in added), Decimal(0))
    return new <= heaviest * LIGHT and light * 100 <= total


def _is_called(affected: Affected) -> bool:
    """Whether all code that sends the prompts calls the model that the configuration now names."""
    source = affected.after.source if affected.after is not None else None
    called = source.called_models if source is not None else ()
    return (
        source is not None
        and bool(called)
        and all(is_same_model(model, source.model) for model in called)
    )


def free_corrections(affected: Affected) -> frozenset[CauseName]:
    """What a change may correct without approval, since the base only guesses it or lacks it.

    Samples are free where no prompt changes with them: what they do not show stood there before.
    To take all of them out corrects none.
    """
    assumed = affected.governing.workflow.assumed
    free = set()
    if Guess.TRAFFIC in assumed:
        free.add(CauseName.TRAFFIC)
    are_prompts_kept = not affected.prompts_changed or only_widens(affected)
    is_guess = affected.brings_samples or Guess.SAMPLES in assumed
    if are_prompts_kept and is_guess and not _takes_out_samples(affected):
        free.add(CauseName.SAMPLES)
    return frozenset(free)


def _takes_out_samples(affected: Affected) -> bool:
    return bool(affected.governing.samples) and not affected.proposed.samples


def judge_edits(
    edits: tuple[Edit, ...],
    locate: Callable[[Key], Place],
    meant: Mapping[Key, str] = MappingProxyType({}),
) -> tuple[Finding, ...]:
    """A finding for each edit that weakens, and one for all above `MOST_EDITS`.

    `meant` has by its key the value of which the new one may be a slip of the hand.
    """
    findings = [
        weakened(
            describe(edit) + (f"; did you mean {meant[edit.key]}?" if edit.key in meant else ""),
            locate(edit.key),
        )
        for edit in edits[:MOST_EDITS]
    ]
    if left := len(edits[MOST_EDITS:]):
        findings.append(weakened(f"and {left:,} more settings are loosened"))
    return tuple(findings)


def judge_replacement(
    states: Mapping[str, State],
    grown: Sequence[str],
    uncovered: Sequence[str],
    locate: Callable[[Key], Place],
) -> tuple[Finding, ...]:
    """The findings that a removed prompt may live on, in another workflow or in none.

    `states` are those of the workflows by name, `grown` those that stay and send more, `uncovered`
    the changed prompts of none.
    """
    if State.REMOVED not in states.values():
        return ()
    findings = []
    if new := [name for name, state in states.items() if state is State.NEW]:
        text = "workflows are removed and others are new: a renamed one has lost its limits"
        findings.append(weakened(text, locate(("workflows", new[0]))))
    if grown:
        text = f"workflows are removed while {grown[0]} grows: the text may live on there"
        findings.append(weakened(text, locate(("workflows", grown[0]))))
    if uncovered:
        text = f"workflows are removed while a prompt of none changes: {uncovered[0]}"
        findings.append(weakened(text, locate(("workflows",))))
    return tuple(findings)


def judge_moved_text(moved: Sequence[MovedText], files_not_compared: int) -> tuple[Finding, ...]:
    """The findings that text of a workflow now stands, or may stand, where no limit sees it."""
    unknown = (
        weakened(
            f"a workflow sends less text, and {files_not_compared:,} changed files were not looked "
            "at for it: they are no ordinary files, or there is too much of them; split the "
            "change, or approve it if no such text stands there"
        ),
    )
    return (unknown if files_not_compared else ()) + tuple(
        weakened(
            f"some {item.words:,} words that a workflow no longer sends stand here now, and no "
            "workflow sends them from here",
            Place(file=item.path),
        )
        for item in moved
    )


def judge_namesakes(found: Sequence[Namesake]) -> tuple[Finding, ...]:
    """The findings that a new file may take the place of a workflow's in a checkout."""
    named = tuple(
        weakened(
            f"some file systems take this file for {item.other}, which a workflow is made of, and "
            "no limit has seen it; give it another name",
            Place(file=item.path),
        )
        for item in found[:MOST_EDITS]
    )
    left = len(found[MOST_EDITS:])
    return (*named, weakened(f"and {left:,} more such files")) if left else named


def judge_displaced(affected: Affected, states: FiguresByState) -> tuple[Finding, ...]:
    """The findings that an include means another file, while the old one is still there.

    A program whose loader has another root goes on reading the old one, so a saving by it needs
    approval.
    """
    before, after = states.before, states.after
    is_cheaper = before is None or after is None or after.usd_per_month <= before.usd_per_month
    verdict = Verdict.NEEDS_APPROVAL if is_cheaper else Verdict.WARN
    return tuple(
        Finding(
            rule=Rule.LOOSENED,
            verdict=verdict,
            text=f"the include now means this file, and no longer {old}, which is still there",
            place=Place(file=new),
        )
        for old, new in affected.displaced
    )


def judge_broken_base() -> tuple[Finding, ...]:
    """The finding that the base has a configuration, but none that can govern."""
    return (weakened("the base's configuration is broken, and the change is judged by its own"),)


def weakened(text: str, place: Place | None = None) -> Finding:
    """The finding that something weakens the gate; it needs approval."""
    return Finding(rule=Rule.LOOSENED, verdict=Verdict.NEEDS_APPROVAL, text=text, place=place)


def advised(text: str, place: Place | None = None) -> Finding:
    """The finding that a first figure or sample replaces a guess; nobody has to approve it."""
    return Finding(rule=Rule.LOOSENED, verdict=Verdict.WARN, text=text, place=place)


def describe(edit: Edit) -> str:
    """One sentence: the key, what happened to it, and which value the review used."""
    old, new = (None if value is None else _cut(value) for value in (edit.old, edit.new))
    used = "the base's value was" if edit.governed else "the change's own value was"
    match edit.how:
        case How.GAINS | How.LOSES:
            key, rest = edit.key[:-1], f" {new or old}"
        case How.ADDED:
            key, rest = edit.key, f": {new}"
        case How.REMOVED:
            key, rest = edit.key, f"; it was {old}"
        case _:
            key, rest = edit.key, f" from {old} to {new}"
    if old is None and edit.governed:
        used = "not"
    return f"`{key_text(key)}` {edit.how}{rest} ({used} used in this review)"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


_SHOWN_CHARACTERS = 60
