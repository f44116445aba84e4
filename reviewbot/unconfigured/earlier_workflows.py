"""What `init` would have proposed for the changed files as they were before a change."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import Workflow
from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.configuration_text import configuration_text
from reviewbot.discovery.findings import Found
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.revisions import Comparison
from reviewbot.unconfigured.proposal import Choice, propose_workflows
from reviewbot.unconfigured.trials import NO_VARIABLE

_Place = tuple[str, str | None]


class FoundBefore(Struct, frozen=True, kw_only=True):
    """The workflows of prompts that nothing names now, and the variables that the others asked for.

    `variables` are by the place that the first prompt of a workflow had.
    """

    gone: Mapping[str, Workflow] = {}
    variables: Mapping[_Place, Mapping[str, object]] = {}


def earlier_workflows(
    comparison: Comparison,
    file: str,
    now: Sequence[Proposed],
    *,
    today: date,
    parser: LimitedParser,
) -> FoundBefore:
    """What is known of the changed files before the change, `now` being what is proposed for it.

    Nothing is where the time of the parser is over.
    """
    changed = {item.before for item in comparison.changes if item.before is not None}
    if not changed or parser.allowance.is_used_up:
        return FoundBefore()
    tree = comparison.before_tree
    others = frozenset(path for path in tree.paths if path not in changed)
    old_paths = {item.after: item.before for item in comparison.changes if item.after}
    named = {_place(prompt, old_paths) for item in now for prompt in item.prompts}
    varying = {_first(item, old_paths) for item in now if item.variables}

    def concerned(proposed: Sequence[Proposed]) -> list[Proposed]:
        return [it for it in proposed if _is_gone(it, named) or _first(it, {}) in varying]

    found = propose_workflows(
        replace(comparison, after_tree=tree),
        file,
        today=today,
        parser=parser,
        only_new=concerned,
        choice=Choice(ignored=others),
    )
    measured = [item for item in found.workflows if item.name not in found.problems]
    taken = {item.name for item in now}
    gone = [*_renamed([item for item in measured if _is_gone(item, named)], taken)]
    text = configuration_text(gone, {}, (), has_limits=False)
    return FoundBefore(
        gone=read_configuration(text, file=file).workflows if gone else {},
        variables={_first(item, {}): item.variables for item in measured if item.variables},
    )


def with_earlier_variables(
    workflows: Sequence[Proposed], earlier: FoundBefore, comparison: Comparison
) -> list[Proposed]:
    """The workflows, with the variables that their prompts asked for before the change."""
    old_paths = {item.after: item.before for item in comparison.changes if item.after}
    found = []
    for item in workflows:
        was = earlier.variables.get(_first(item, old_paths), {})
        more = {
            key: value for key, value in was.items() if key not in {*item.variables, NO_VARIABLE}
        }
        found.append(
            replace(item, variables={**more, **item.variables}) if item.variables else item
        )
    return found


def _is_gone(item: Proposed, named: Collection[_Place]) -> bool:
    return not any(_place(prompt, {}) in named for prompt in item.prompts)


def _first(item: Proposed, old_paths: Mapping[str, str | None]) -> _Place:
    return _place(item.prompts[0], old_paths)


def _place(prompt: Found, old_paths: Mapping[str, str | None]) -> _Place:
    return old_paths.get(prompt.path) or prompt.path, prompt.selector


def _renamed(workflows: Sequence[Proposed], taken: set[str]) -> Iterator[Proposed]:
    """The workflows under names that none of the others has."""
    for item in workflows:
        name, number = item.name, 2
        while name in taken:
            name, number = f"{item.name}-{number}", number + 1
        taken.add(name)
        yield replace(item, name=name)
