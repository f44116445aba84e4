"""The way into a gate: what comes first blocks nobody, and what is guessed is said to be.

Without a configuration on the base there is no gate that a change could weaken; without approvers
on the base nobody could approve who they are.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from reviewbot.configuration.locating import Key
from reviewbot.configuration.settings import Guess
from reviewbot.errors import Place
from reviewbot.policy.weakening.findings import advised
from reviewbot.report import Finding, Verdict
from reviewbot.scope.affected import Affected
from reviewbot.scope.governing import Configurations

_BLOCKING = {Verdict.FAIL, Verdict.NEEDS_APPROVAL}
_NAMED = 5


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
        people = ", ".join(proposed.approvers)
        text = f"the first approvers are named: {people}; from the next change on they may approve"
        yield advised(text, locate(("approval", "approvers")))


def guess_notes(affected: Sequence[Affected]) -> Iterator[str]:
    """What to know of figures that rest on what the configuration calls a guess."""
    for guess in Guess:
        names = [item.name for item in affected if guess in item.governing.workflow.assumed]
        if names:
            more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
            yield (
                f"the {guess} of {', '.join(names[:_NAMED])}{more} is a guess, as `assumed` says; "
                "to correct it needs no approval"
            )
