"""Everything that a month's cost depends on, before and after the change."""

from msgspec import Struct

from reviewbot.configuration.settings import Stream
from reviewbot.costs.price_lookup import PriceLookup
from reviewbot.evaluation.asked_service import served
from reviewbot.measurement.calls import Calls, RenderedWorkflow
from reviewbot.scope.affected import Terms
from reviewbot.tokens import NamedModel


class Situation(Struct, frozen=True, kw_only=True):
    """Everything that a month's cost depends on.

    `prefix_calls` are the calls whose cacheable prefix counts, `priced_model` is the model whose
    prices do; they differ from `calls` and `model` only between two causes. `answers` is how many
    answers a call asks for.
    """

    calls: Calls
    prefix_calls: Calls
    model: NamedModel
    priced_model: NamedModel
    max_tokens: int | None
    answers: int
    streams: tuple[Stream, ...]
    catalogue: PriceLookup


class Situations(Struct, frozen=True, kw_only=True):
    """A workflow's states; each is None where there is none, or it could not be rendered.

    What is proposed is `after` itself where it is equal.
    """

    before: Situation | None
    after: Situation | None
    proposed: Situation | None


def situations_of(
    rendered: RenderedWorkflow, governing: PriceLookup, proposed: PriceLookup
) -> Situations:
    """The states of a rendered workflow, under the governing and the proposed terms."""
    affected = rendered.affected

    def situation(calls: Calls | None, terms: Terms, catalogue: PriceLookup) -> Situation | None:
        if calls is None:
            return None
        model = NamedModel(
            reference=calls.source.model,
            encoding=calls.encoding,
            counts_as=calls.source.counts_as,
        )
        return Situation(
            calls=calls,
            prefix_calls=calls,
            model=model,
            priced_model=model,
            max_tokens=calls.source.max_tokens,
            answers=calls.source.answers,
            streams=served(terms.workflow.traffic, calls.source.settings, model, catalogue),
            catalogue=catalogue,
        )

    after = situation(rendered.after, affected.governing, governing)
    intended = situation(rendered.proposed, affected.proposed, proposed)
    return Situations(
        before=situation(rendered.before, affected.governing, governing),
        after=after,
        proposed=after if intended == after else intended,
    )
