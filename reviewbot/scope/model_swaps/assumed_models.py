"""Models that code names otherwise which are those of workflows whose calls name none.

No call of these is known, or it computes its model. What such a workflow is priced by was read off
the code, as a guess or by a person.
"""

from msgspec.structs import replace

from reviewbot.configuration.settings import Guess, Workflow
from reviewbot.prompts.own_sources import own_sources
from reviewbot.prompts.sources import Source
from reviewbot.rendering.parsers._common.known_models import is_known_model
from reviewbot.repository.trees import Tree
from reviewbot.scope.affected import Asked, ModelSwap, ModelSwaps, Resent, Side
from reviewbot.scope.model_swaps.beside_prompts import stands_in
from reviewbot.tokens.same_model import is_same_model

_MOST_CHARACTERS = 20_000_000
"""Of source files in which the model is sought by its name."""


class AssumedModels:
    """The swaps of a change that may be those of workflows without a known call."""

    def __init__(self, swaps: ModelSwaps, after: Tree) -> None:
        self._swaps = [item for item in swaps.swaps if _may_be_assumed(item)]
        self._tree = after
        self._elsewhere: dict[str, bool] = {}
        self._followed: dict[str, ModelSwap] = {}

    def following(
        self, before: Side | None, after: Side | None, base: Workflow
    ) -> tuple[Side | None, Side | None]:
        """Both sides of a workflow, with what the code names that its model was read off.

        A model that is no guess is such a one where no other code names it any more.
        """
        if before is None or after is None or not self._swaps:
            return before, after
        was, now = before.source, after.source
        if _is_told(was) or _is_told(now) or not is_same_model(was.model, now.model):
            return before, after
        swap = next((item for item in self._swaps if self._is_of(item, was, base)), None)
        if swap is None:
            return before, after
        self._followed[base.name] = swap
        return (
            replace(before, source=_following(was, swap, swap.was)),
            replace(after, source=_following(now, swap, swap.now)),
        )

    def is_told(self, item: Resent) -> bool:
        """Whether what is sent otherwise is the model that all of its workflows follow."""
        swaps = [self._followed.get(name) for name in item.workflows]
        return bool(swaps) and all(swap is not None and _is_by(item, swap) for swap in swaps)

    def _is_of(self, swap: ModelSwap, was: Source, base: Workflow) -> bool:
        if not is_same_model(swap.was, was.model) or stands_in(base, swap.path):
            return False
        return Guess.MODEL in base.assumed or not self._is_elsewhere(swap.was)

    def _is_elsewhere(self, model: str) -> bool:
        """Whether source code still names a model; code beyond the bound is none."""
        if model not in self._elsewhere:
            self._elsewhere[model] = self._finds(model)
        return self._elsewhere[model]

    def _finds(self, model: str) -> bool:
        left = _MOST_CHARACTERS
        for _, text in own_sources(self._tree):
            left -= len(text)
            if left < 0:
                return False
            if any(f"{quote}{model}{quote}" in text for quote in "\"'`"):
                return True
        return False


def _is_by(item: Resent, swap: ModelSwap) -> bool:
    is_model = item.kind is Asked.MODEL and item.path == swap.path
    return is_model and item.form.strip("\"'`") == swap.now


def _is_told(source: Source) -> bool:
    """Whether code or the prompts themselves say which model answers."""
    return bool(source.named_models or source.called_models or source.default_model)


def _may_be_assumed(swap: ModelSwap) -> bool:
    is_other = swap.is_cap or swap.is_setting or bool(swap.workflows) or swap.has_text
    return not is_other and is_known_model(swap.was)


def _following(source: Source, swap: ModelSwap, model: str | None) -> Source:
    """What a call is made of, with the model that code names; None is one that it computes."""
    return replace(
        source,
        named_models=() if model is None else ((model, swap.path),),
        named_lines={model or swap.said: swap.line},
        follows_code=True,
    )
