"""What the text of prompts that no workflow covers would cost, by the calls it is sent in."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, localcontext

from msgspec.structs import replace

from reviewbot.allowance import Allowance
from reviewbot.configuration.settings import Workflow
from reviewbot.costs.price_lookup import PriceLookup, Service
from reviewbot.costs.rates import EXACT
from reviewbot.errors import MeasurementError
from reviewbot.repository.trees import Tree, read_text
from reviewbot.scope.affected import CHARACTERS_OF_A_TOKEN, Resent
from reviewbot.scope.not_covered import NewPrompt, Uncovered
from reviewbot.tokens import Counter
from reviewbot.tokens.model_names import resolve

CALLS = 1_000
"""So many calls a cost is told for: that of one has too many digits."""

_MOST_FILES = 20
_TOKENS_OF_RATES = 1_000_000


class UncoveredCosts:
    """Prices prompts by the model that their call names, else by that of `defaults`.

    The cost is that of the text as input, without what a program puts in and without answers.
    """

    def __init__(self, catalogue: PriceLookup, model: str | None) -> None:
        self._catalogue = catalogue
        self._model = model

    def of_prompts(self, found: Iterable[NewPrompt]) -> tuple[NewPrompt, ...]:
        """The prompts with their cost, where it is known."""
        return tuple(
            replace(
                item,
                model=item.model or self._model,
                usd_per_1000_calls=self._cost(item.tokens, item.model or self._model),
            )
            for item in found
        )

    def of_files(
        self, found: Iterable[Uncovered], tree: Tree, allowance: Allowance
    ) -> Iterator[Uncovered]:
        """The files, those that a change brings or makes longer with tokens and cost."""
        counter, left = Counter(allowance=allowance), _MOST_FILES
        for item in found:
            tokens = None
            if item.grown and left > 0:
                left -= 1
                tokens = self._tokens(counter, tree, item.path)
            if tokens is None:
                yield item
            else:
                usd = self._cost(tokens, self._model)
                yield replace(item, tokens=tokens, model=self._model, usd_per_1000_calls=usd)

    def of_resent(
        self, found: Iterable[Resent], workflows: Mapping[str, Workflow]
    ) -> Iterator[Resent]:
        """What is sent beside prompts of workflows, with what that adds to their months."""
        for item in found:
            months = [
                self._month(item.more, workflows[name])
                for name in item.workflows
                if name in workflows
            ]
            is_known = item.more and len(months) == len(item.workflows) and None not in months
            with localcontext(EXACT):
                whole = sum((usd for usd in months if usd is not None), Decimal(0))
            yield replace(item, usd_per_month=whole) if is_known and whole else item

    def _month(self, characters: int, workflow: Workflow) -> Decimal | None:
        """About what so many characters more in each call cost a month, in USD."""
        tokens = round(characters / CHARACTERS_OF_A_TOKEN)
        usd = self._cost(tokens, workflow.model)
        if usd is None:
            return None
        with localcontext(EXACT):
            calls = sum((item.calls_per_month for item in workflow.traffic), Decimal(0))
            return usd * calls / CALLS

    def _tokens(self, counter: Counter, tree: Tree, path: str) -> int | None:
        try:
            encoding = resolve(self._model).encoding if self._model else _ENCODING
            return counter.count(read_text(tree, path), encoding)
        except MeasurementError:
            return None

    def _cost(self, tokens: int, model: str | None) -> Decimal | None:
        if model is None:
            return None
        try:
            rates = self._catalogue.rates(resolve(model), Service())
        except MeasurementError:
            return None
        with localcontext(EXACT):
            return tokens * CALLS * rates.input.at(tokens) / _TOKENS_OF_RATES


_ENCODING = "o200k_base"
"""Most models now in use count like this."""
