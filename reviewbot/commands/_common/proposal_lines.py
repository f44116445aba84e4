"""What `init` says of what it found, and of what it guessed."""

from collections import Counter
from collections.abc import Iterator, Sequence

from reviewbot.commands._common.questions import OPTIONS
from reviewbot.configuration.settings import Guess
from reviewbot.discovery.basis import Basis
from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.findings import LeftOut
from reviewbot.discovery.left_out import summed_up
from reviewbot.discovery.named_nearby import nearby_lines
from reviewbot.outputs.wording import plain
from reviewbot.unconfigured import Proposal

_SHOWN = 20


def found_lines(proposal: Proposal) -> Iterator[str]:
    """What was found and what was not, line by line."""
    found = [item for each in (*proposal.workflows, *proposal.apart) for item in each.prompts]
    counts = Counter(item.format for item in found)
    kinds = ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
    yield f"found {_counted(counts.total(), 'prompt')}: {kinds}"
    if proposal.unmeasured:
        yield "not measured:"
        lines = [f"{name}: {why}" for name, why in sorted(proposal.unmeasured.items())]
        yield from (f"  {plain(line)}" for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            yield f"  and {len(lines) - _SHOWN:,} more"
    if left_out := [item for item in proposal.left_out if not _is_told(proposal, item)]:
        texts = sum(item.texts for item in left_out)
        count = f", {texts:,} text{'' if texts == 1 else 's'}" if texts else ""
        yield f"left out{count}; the file names each:"
        yield from (f"  {plain(line)}" for line in summed_up(left_out))


def _is_told(proposal: Proposal, item: LeftOut) -> bool:
    """Whether a workflow that is not measured tells why this file was left out."""
    reason = item.reason.removeprefix("line ").lstrip("0123456789")
    return any(
        why.startswith(f"{item.what}:") and f"{reason};" in why
        for why in proposal.unmeasured.values()
    )


def choice_lines(proposal: Proposal) -> Iterator[str]:
    """What stands apart from the product's prompts, and how to say that something is none."""
    if proposal.apart:
        paths = {prompt.path for item in proposal.apart for prompt in item.prompts}
        files = _counted(len(paths), "file")
        yield (
            f"kept apart: {files} of coding agents, under `coverage.ignore`;"
            " `--force --include GLOB` writes workflows for them"
        )
    yield "something is no prompt of yours? `--force --exclude PATH` leaves it out, or `PATH#NAME`"


def written_line(proposal: Proposal, where: str) -> str:
    """How many workflows are written, and how many prompts they have where it is not one each."""
    workflows = _written(proposal)
    count = sum(len(item.prompts) for item in workflows)
    of = "" if count == len(workflows) else f" of {_counted(count, 'prompt')}"
    return f"{where}, {_counted(len(workflows), 'workflow')}{of}"


def guess_lines(proposal: Proposal, basis: Basis) -> Iterator[str]:
    """What nobody has confirmed, and which options tell it."""
    nameless = [item for item in _written(proposal) if item.model is None]
    falling_back = sum(item.has_default_price for item in nameless)
    goes_first = falling_back if Guess.MODEL in basis.assumed else 0
    if falling_back:
        fall = "1 of them falls" if falling_back == 1 else f"{falling_back:,} of them fall"
        which = "priced until `defaults.model` is confirmed" if goes_first else "not priced"
        yield f"  code of {fall} back to a model, which is {which}"
    near = [item for item in nameless if item.nearby is not None]
    yield from (f"  {line}" for line in nearby_lines(near))
    if without := len(nameless) - goes_first - len(near):
        names = "1 of them names" if without == 1 else f"{without:,} of them name"
        yield f"  {names} no model: {plain(basis.model)} stands in `defaults`"
    if basis.assumed:
        guesses = " and ".join(basis.assumed)
        options = ", ".join(OPTIONS)
        yield f"  guessed: {guesses}; options tell them ({options}; `reviewbot init --help`)"


def unread_teams(approvers: Sequence[str]) -> Iterator[str]:
    """That an approval by a team needs more than the job's own token, and the mend."""
    if teams := [item for item in approvers if "/" in item]:
        yield (
            f"  {plain(', '.join(teams))}: the job's own token cannot read who is in a team; name "
            "people, or set `token` to one of an App that may (docs/github.md#approvals)"
        )


def _written(proposal: Proposal) -> list[Proposed]:
    """The workflows beside those that stand in comments."""
    return [item for item in proposal.workflows if item.name not in proposal.unmeasured]


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
