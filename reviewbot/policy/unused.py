"""Settings that apply to nothing: a typing error there would quietly switch a rule off."""

from collections.abc import Collection, Iterator, Sequence

from reviewbot.configuration.locating import Key
from reviewbot.configuration.settings import Configuration
from reviewbot.costs.did_you_mean import nearest_model
from reviewbot.costs.tiers import means, means_a_listed_model
from reviewbot.policy.weakening.configuration import ConfigurationWeakenings
from reviewbot.report import Finding, Rule, Verdict
from reviewbot.repository.globs import Effort, TooMuchEffortError, select


def judge_unused(
    configuration: Configuration,
    paths: Sequence[str],
    models: Collection[str],
    gate: ConfigurationWeakenings,
) -> tuple[Finding, ...]:
    """A warning for each glob that fits no file, and each model's name that fits no model.

    `paths` are all files, sorted; `models` are those that workflows call.
    """
    found = (*_globs(configuration, paths), *_tiers(configuration, models))
    return tuple(
        Finding(rule=Rule.UNUSED, verdict=Verdict.WARN, text=text, place=gate.locate(key))
        for key, text in found
    )


def _globs(configuration: Configuration, paths: Sequence[str]) -> Iterator[tuple[Key, str]]:
    effort = Effort()
    for name in ("prompts", "ignore"):
        patterns: tuple[str, ...] = getattr(configuration.coverage, name)
        for pattern in patterns:
            try:
                is_used = bool(select(paths, pattern, effort))
            except TooMuchEffortError:
                return
            if not is_used:
                key: Key = ("coverage", name, pattern)
                yield key, f"no file matches {pattern!r}; correct the pattern, or take it out"


def _tiers(configuration: Configuration, models: Collection[str]) -> Iterator[tuple[Key, str]]:
    for tier, patterns in configuration.tiers.items():
        for pattern in patterns:
            if any(means(pattern, model) for model in models):
                continue
            if pattern in configuration.prices.overrides or means_a_listed_model(pattern):
                continue
            near = None if "*" in pattern else nearest_model(pattern)
            mend = f"did you mean {near!r}?" if near else "correct its name, or take it out"
            text = f"no model is called {pattern!r}; {mend}"
            yield ("tiers", tier, pattern), text
