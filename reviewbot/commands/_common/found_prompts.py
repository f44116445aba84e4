"""What `init` says of the prompts that it found, and of the workflows that it made of them."""

from collections import Counter
from collections.abc import Iterator

from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.left_out import summed_up
from reviewbot.outputs.wording import plain
from reviewbot.unconfigured.proposal import Proposal

_SHOWN = 20


def found_words(proposal: Proposal) -> Iterator[str]:
    """What was found and what was left out, line by line."""
    counts = Counter(item.format for item in proposal.findings.prompts)
    kinds = ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
    yield f"found {counted(counts.total(), 'prompt')}: {kinds}"
    if proposal.unmeasured:
        yield "not measured:"
        lines = [f"{name}: {why}" for name, why in sorted(proposal.unmeasured.items())]
        yield from (f"  {plain(line)}" for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            yield f"  and {len(lines) - _SHOWN:,} more"
    if proposal.left_out:
        texts = sum(item.texts for item in proposal.left_out)
        count = f", {texts:,} text{'' if texts == 1 else 's'}" if texts else ""
        yield f"left out{count}; the file names each:"
        yield from (f"  {plain(line)}" for line in summed_up(proposal.left_out))


def counted(count: int, what: str = "workflow") -> str:
    """A number with what is counted."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def measured_ones(proposal: Proposal) -> list[Proposed]:
    """The workflows that are written, beside those in comments."""
    return [item for item in proposal.workflows if item.name not in proposal.unmeasured]


def of_prompts(proposal: Proposal) -> str:
    """How many prompts the written workflows have, where it is not one each."""
    workflows = measured_ones(proposal)
    count = sum(len(item.prompts) for item in workflows)
    return "" if count == len(workflows) else f" of {counted(count, 'prompt')}"
