"""Prompts that a workflow names twice, so that its call holds their tokens twice."""

from collections.abc import Iterable, Iterator

from reviewbot.report import Finding, Rule, Verdict
from reviewbot.scope.affected import Affected


def judge_repeated(affected: Iterable[Affected]) -> Iterator[Finding]:
    """A warning for each prompt that stands again in the list of a workflow, at its line."""
    for item in affected:
        if item.after is None:
            continue
        lines: dict[str, int | None] = {}
        for prompt in item.settings.prompts:
            if prompt.name not in lines:
                lines[prompt.name] = prompt.place.line
                continue
            first = lines[prompt.name]
            where = f" in line {first}" if first and first != prompt.place.line else ""
            yield Finding(
                rule=Rule.REPEATED,
                verdict=Verdict.WARN,
                text=f"{item.name}: {prompt.name} stands here already{where}, and is counted "
                "twice; take it out, unless each call sends it twice",
                place=prompt.place,
            )
