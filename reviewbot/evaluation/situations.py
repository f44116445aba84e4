"""Everything that a month's cost depends on, before and after the change."""

from msgspec import Struct

from reviewbot.configuration.settings import Stream
from reviewbot.costs.prices import Catalogue
from reviewbot.measurement.calls import Calls, RenderedWorkflow
from reviewbot.scope.affected import Terms


class Situation(Struct, frozen=True, kw_only=True):
    """Everything that a month's cost depends on.

    `prefix_calls` are the calls whose cacheable prefix counts, `priced_model` is the model whose
    prices do; they differ from `calls` and `model` only between two causes.
    """

    calls: Calls
    prefix_calls: Calls
    model: str
    encoding: str | None
    priced_model: str
    priced_encoding: str | None
    max_tokens: int | None
    streams: tuple[Stream, ...]
    catalogue: Catalogue


class Situations(Struct, frozen=True, kw_only=True):
    """A workflow's states; each is None where there is none, or it could not be rendered."""

    before: Situation | None
    after: Situation | None
    proposed: Situation | None


def situations_of(
    rendered: RenderedWorkflow, governing: Catalogue, proposed: Catalogue
) -> Situations:
    """The states of a rendered workflow, under the governing and the proposed terms."""
    affected = rendered.affected

    def situation(calls: Calls | None, terms: Terms, catalogue: Catalogue) -> Situation | None:
        if calls is None:
            return None
        return Situation(
            calls=calls,
            prefix_calls=calls,
            model=calls.source.model,
            encoding=calls.encoding,
            priced_model=calls.source.model,
            priced_encoding=calls.encoding,
            max_tokens=calls.source.max_tokens,
            streams=terms.workflow.traffic,
            catalogue=catalogue,
        )

    return Situations(
        before=situation(rendered.before, affected.governing, governing),
        after=situation(rendered.after, affected.governing, governing),
        proposed=situation(rendered.proposed, affected.proposed, proposed),
    )
