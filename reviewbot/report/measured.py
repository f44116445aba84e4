"""What logs say of a workflow's calls, beside the traffic that is configured."""

from datetime import date
from decimal import Decimal

from msgspec import Struct


class TrafficFigure(Struct, frozen=True, kw_only=True):
    """One figure of traffic: configured, measured, and whether it is beyond its tolerance.

    `who` is the workflow, or one stream of it. Rates are fractions.
    """

    who: str
    figure: str
    configured: Decimal
    measured: Decimal
    beyond: bool


class MeasuredTraffic(Struct, frozen=True, kw_only=True):
    """The calls of a workflow from `since` to `until`, both counted; None is what logs do not say.

    Tokens are means of a call. The hit rate is the share of the cacheable tokens that were read
    from a cache; with nothing cacheable there is none. The months are those before and after the
    change with this traffic in place of the configured one; all three are None where the logs lack
    what they need. `unmeasured_streams` are configured and without a call: their configured figures
    are in these months. `figures` are those that are configured too.
    """

    since: date
    until: date
    calls_per_month: Decimal | None
    input_tokens: Decimal | None
    output_tokens: Decimal | None
    cache_hit_rate: Decimal | None
    before_usd_per_month: Decimal | None
    after_usd_per_month: Decimal | None
    change_usd_per_month: Decimal | None
    unmeasured_streams: int
    figures: tuple[TrafficFigure, ...]
