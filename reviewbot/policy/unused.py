"""Settings that apply to nothing: a typing error there would quietly switch a rule off."""

import re
from collections.abc import Collection, Iterator

from msgspec import Struct

from reviewbot.configuration.meant_names import several_paths
from reviewbot.configuration.setting_lines import Key, Locator
from reviewbot.configuration.settings import Configuration
from reviewbot.errors import ConfigurationError, Problem
from reviewbot.prompts.ignored import prompt_of
from reviewbot.report import Finding, Rule, Verdict
from reviewbot.repository.globs import Effort, TooMuchEffortError, select
from reviewbot.repository.trees import Tree
from reviewbot.scope.change import Change


def judge_unused(change: Change) -> tuple[Finding, ...]:
    """A warning for each glob that fits no file, each tier's entry and override that fit no model.

    Raises:
        ConfigurationError: The change itself brings some, beside overrides, which logs may need;
            with every one of them.

    """
    after = change.configurations.after
    must = (*_globs(after, change.comparison.after_tree), *_tiers(after, change))
    found = (*must, *_overrides(after, change))
    if not found:
        return ()
    locate = Locator(change.configurations.proposed_text, file=after.file).place
    brought = [item for item in must if _is_brought(item, change)]
    if brought:
        raise ConfigurationError(
            [Problem(what=item.what, mend=item.mend, place=locate(item.key)) for item in brought]
        )
    return tuple(
        Finding(
            rule=Rule.UNUSED,
            verdict=Verdict.WARN,
            text=f"{item.what}; {item.mend}",
            place=locate(item.key),
        )
        for item in found
    )


class _Unused(Struct, frozen=True, kw_only=True):
    """A pattern that fits nothing; `key` ends with it."""

    key: Key
    what: str
    mend: str


def _is_brought(item: _Unused, change: Change) -> bool:
    """Whether the change adds the pattern, not only the reason why it fits nothing any more."""
    comparison, configurations = change.comparison, change.configurations
    file = configurations.after.file
    was, now = comparison.before_tree.entry(file), comparison.after_tree.entry(file)
    if was is not None and now is not None and was.object_id == now.object_id:
        return False
    if configurations.advisory is not None:
        return True
    section, name, pattern = item.key
    before = configurations.before
    patterns = before.tiers.get(str(name), ())
    if section == "coverage":
        patterns = getattr(before.coverage, str(name))
    return pattern not in patterns


def _globs(configuration: Configuration, tree: Tree) -> Iterator[_Unused]:
    coverage = {"prompts": configuration.coverage.prompts, "ignore": configuration.coverage.ignore}
    if not any(coverage.values()):
        return
    effort = Effort()
    paths = sorted(tree.paths)
    for name, patterns in coverage.items():
        for pattern in patterns:
            try:
                file, _ = prompt_of(pattern) or (pattern, "")
                is_used = bool(select(paths, file, effort))
            except TooMuchEffortError:
                return
            if not is_used:
                what = f"no file matches {pattern!r}"
                mend = _GLOB_MEND if _EXPRESSION.search(pattern) else _MEND
                if several := several_paths(pattern, "[]"):
                    what, mend = f"{what}; {several[0]}", several[1]
                yield _Unused(key=("coverage", name, pattern), what=what, mend=mend)


_MEND = "correct the pattern, or take it out"
_GLOB_MEND = (
    "it is no regular expression: `*` stands for any part of a name, `**` for any folders, `?` for "
    "one character"
)
_EXPRESSION = re.compile(r"(?:^|[^*/])\.[*+?]|[\])]\+|[\^$|\\()]")
"""What stands in regular expressions, and hardly in the name of a file."""


def _tiers(configuration: Configuration, change: Change) -> Iterator[_Unused]:
    if not configuration.tiers:
        return
    models = _models(configuration, change)
    if models is None:
        return
    from reviewbot.costs.did_you_mean import nearest_model
    from reviewbot.costs.tiers import means, means_a_listed_model

    for tier, patterns in configuration.tiers.items():
        for pattern in patterns:
            if any(means(pattern, model) for model in models) or means_a_listed_model(pattern):
                continue
            near = None if "*" in pattern else nearest_model(pattern)
            yield _Unused(
                key=("tiers", tier, pattern),
                what=f"no model is called {pattern!r}",
                mend=f"did you mean {near!r}?" if near else "correct its name, or take it out",
            )


def _overrides(configuration: Configuration, change: Change) -> Iterator[_Unused]:
    """Overrides of models that nothing calls and nobody lists: their rates price nothing."""
    overrides = configuration.prices.overrides
    if not overrides or _models(configuration, change) is None:
        return
    from reviewbot.costs.did_you_mean import nearest_model
    from reviewbot.costs.tiers import means, means_a_listed_model

    workflows = (*change.scope.affected, *change.scope.unaffected)
    used = {item.settings.model or "" for item in workflows} | {configuration.defaults.model or ""}
    used |= {item.after.source.model for item in workflows if item.after is not None}
    used |= {pattern for patterns in configuration.tiers.values() for pattern in patterns}
    for name in overrides:
        plain = name.partition("@")[0]
        if means_a_listed_model(plain) or any(means(plain, model) for model in used if model):
            continue
        near = nearest_model(plain)
        yield _Unused(
            key=("prices", "overrides", name),
            what=f"no workflow calls {plain!r}, so its price is not used",
            mend=f"did you mean {near!r}?" if near else "correct its name, or take it out",
        )


def _models(configuration: Configuration, change: Change) -> Collection[str] | None:
    """All models that are called or priced; None where a prompt that may name one is unreadable."""
    workflows = (*change.scope.affected, *change.scope.unaffected)
    staying = [item for item in workflows if item.name in configuration.workflows]
    if any(item.after is None and item.settings.model is None for item in staying):
        return None
    models = {item.settings.model or "" for item in staying}
    models |= {item.after.source.model for item in staying if item.after is not None}
    return models | {configuration.defaults.model or "", *configuration.prices.overrides}
