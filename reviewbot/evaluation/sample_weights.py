"""Holds the weights that streams give to samples against the samples that there are."""

import difflib
from collections.abc import Mapping, Sequence
from decimal import Decimal

from reviewbot.configuration.meant_values import typed
from reviewbot.errors import MeasurementError
from reviewbot.evaluation.situations import Situation
from reviewbot.evaluation.unknown_models import SettingProblem

_SHOWN_NAMES = 5
_ALIKE = 0.6
"""How alike a misspelt sample has to be, as difflib has it."""


def check_weights(situation: Situation) -> None:
    """Hold the weights that streams give to samples against the samples that there are.

    Raises:
        MeasurementError: A stream names a sample that is not there, or leaves one out.

    """
    names = {sample.name for sample in situation.calls.samples}
    for index, stream in enumerate(situation.streams):
        weights = dict(stream.sample_weights or ())
        if weights and weights.keys() != names:
            what, mend = _wrong_weights(weights, sorted(names))
            key = ("traffic", index, "sample_weights")
            raise MeasurementError([SettingProblem(key=key, what=what, mend=mend)])


def _wrong_weights(weights: Mapping[str, Decimal], names: Sequence[str]) -> tuple[str, str]:
    """Which samples are unknown or have no weight, and the weights to write."""
    unknown = sorted(weights.keys() - {*names})
    what = [f"there is no sample {name!r}" for name in unknown]
    meant: dict[str, str] = {}
    for name in names:
        near = [] if name in weights else difflib.get_close_matches(name, unknown, 1, _ALIKE)
        given = weights.get(near[0] if near else name)
        if near:
            unknown.remove(near[0])
        elif given is None:
            what.append(f"the sample {name!r} has no weight")
        meant[name] = "…" if given is None else f"{given.normalize():f}"
    shown = ", ".join(f"{typed(name)}: {weight}" for name, weight in meant.items())
    number = " with a number for each `…`" if "…" in meant.values() else ""
    mend = f"write `sample_weights: {{{shown}}}`{number}" if names else "take it out"
    return " and ".join(what[:_SHOWN_NAMES]), mend
