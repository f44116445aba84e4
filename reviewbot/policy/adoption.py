"""The way into a gate: what comes first blocks nobody, and what is guessed is said to be.

Without a configuration on the base there is no gate that a change could weaken; without approvers
on the base nobody could approve who they are.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from reviewbot.configuration.locating import Key
from reviewbot.errors import Place
from reviewbot.report import Finding, Verdict
from reviewbot.scope.affected import Affected
from reviewbot.scope.governing import Configurations

_BLOCKING = {Verdict.FAIL, Verdict.NEEDS_APPROVAL}


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


def guess_notes(affected: Sequence[Affected]) -> Iterator[str]:
    """What to know of figures that rest on what the configuration calls a guess."""
    counts = Counter(guess for item in affected for guess in item.governing.workflow.assumed)
    if counts:
        of = ", ".join(
            f"{guess} of {counts[guess]:,} workflow{'' if counts[guess] == 1 else 's'}"
            for guess in sorted(counts)
        )
        yield f"guessed, as `assumed` says: {of}; to correct a guess needs no approval"
