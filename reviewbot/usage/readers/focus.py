"""FOCUS cost exports: a row is a day of one kind of token. There are no calls in it.

Columns: the FinOps Open Cost and Usage Specification 1.2.
"""

from reviewbot.configuration.usage_settings import LogSource, Origin
from reviewbot.usage.owners import owner_columns
from reviewbot.usage.readers import Owner, Rows
from reviewbot.usage.sql_text import coalesce
from reviewbot.usage.tables import Table

IS_DAILY = True
REQUIRED = ("time", "model", "input", "output", "usd")
FIELDS = {
    "time": "ChargePeriodStart",
    "model": "SkuPriceDetails.model",
    "input": "ConsumedQuantity",
    "output": "ConsumedQuantity",
    "usd": "EffectiveCost in USD (BillingCurrency)",
}
TABLE_COLUMNS = (
    ("ChargePeriodStart",),
    ("BillingCurrency",),
    ("ChargeCategory",),
    ("ConsumedQuantity",),
    ("ConsumedUnit",),
    ("ProviderName",),
    ("SkuMeter",),
    ("SkuPriceDetails",),
    ("EffectiveCost",),
)
_OWNER = Owner(
    workflow=(Origin(field="Tags.workflow"), Origin(field="Tags.feature")),
    tenant=(Origin(field="Tags.tenant"), Origin(field="SubAccountId")),
    environment=(Origin(field="Tags.environment"),),
)
_WHOLE_ROW = (
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ChargeDescription",
    "SkuId",
    "SkuMeter",
    "SubAccountId",
    "Tags",
    "ConsumedQuantity",
    "EffectiveCost",
)


def table() -> Table | None:
    """It comes as CSV or Parquet."""
    return None


def rows(table: Table, source: LogSource) -> Rows:
    """A row is a part of a day; rows that are equal in everything are the same row twice.

    A cost in another currency than USD is unknown.
    """
    text = table.text
    meter = f"lower({text('SkuMeter')})"
    quantity = table.number("ConsumedQuantity")
    is_output = f"contains({meter}, 'output')"
    is_written = f"(contains({meter}, 'cache') AND contains({meter}, 'writ'))"
    is_cached = f"(contains({meter}, 'cache') AND NOT contains({meter}, 'writ'))"
    is_input = f"contains({meter}, 'input')"
    whole_row = ", ".join(f"coalesce({text(name)}, chr(30))" for name in _WHOLE_ROW)
    cost = coalesce((table.number("EffectiveCost"), table.number("BilledCost")))
    known = f"({is_output} OR {is_cached} OR {is_written} OR {is_input})"
    return Rows(
        columns={
            "key": f"concat_ws(chr(31), {whole_row})",
            "time": table.time("ChargePeriodStart"),
            "provider": f"lower({text('ProviderName')})",
            "model": coalesce((text("SkuPriceDetails.model"), text("SkuPriceDetails.Model"))),
            "service_tier": "'standard'",
            "input": f"CASE WHEN {is_output} THEN 0 WHEN {known} THEN {quantity} END",
            "cached": f"CASE WHEN {is_cached} THEN {quantity} ELSE 0 END",
            "written": f"CASE WHEN {is_written} THEN {quantity} ELSE 0 END",
            "output": f"CASE WHEN {is_output} THEN {quantity} WHEN {known} THEN 0 END",
            "usd": f"CASE WHEN {text('BillingCurrency')} = 'USD' THEN {cost} END",
            "kind": "'call'",
        }
        | owner_columns(source, _OWNER, text=text, tags=None),
        source=f"{table.scan()} WHERE {text('ChargeCategory')} = 'Usage'"
        f" AND {text('ConsumedUnit')} ILIKE '%token%'",
    )
