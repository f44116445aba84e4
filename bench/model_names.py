"""Looks up every chat model of two lists, and says which are refused, and why.

The lists are those of genai-prices and of LiteLLM. Usage: python bench/model_names.py LITELLM_JSON
[--refused] [--write]. LITELLM_JSON is `model_prices_and_context_window_backup.json` of the PyPI
package `litellm`, unpacked. Each name is looked up as `provider/name`. `--refused` lists the
refused names, `--write` puts the shares into docs/models.md.
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from genai_prices.data import providers

from reviewbot.configuration.settings import PriceFile
from reviewbot.costs.litellm_file import LiteLLMPrices
from reviewbot.costs.price_lookup import PriceLookup, Service
from reviewbot.errors import MeasurementError
from reviewbot.tokens import resolve
from reviewbot.tokens.references import parse
from reviewbot.tokens.refusals import why_refused

PAGE = Path(__file__).parents[1] / "docs" / "models.md"
CHAT = {"chat", "responses", "completion"}
SHOWN_PROVIDERS = 12
AS_OF = date(2026, 11, 28)


@dataclass(frozen=True)
class Looked:
    """One name: its list, the provider there, and why it is refused; None where it is not."""

    list_name: str
    provider: str
    reference: str
    uncounted: str | None
    unpriced: str | None


def names(litellm: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """List, provider and reference of every chat model."""
    for seller in providers:
        for model in seller.models:
            yield "genai-prices", seller.id, f"{seller.id}/{model.id}"
    for name, entry in litellm.items():
        if entry.get("mode") in CHAT:
            said = entry["litellm_provider"]
            yield "LiteLLM", said, name if "/" in name else f"{said}/{name}"


def look_up(where: tuple[str, str, str], catalogue: PriceLookup) -> Looked:
    """What becomes of one name."""
    list_name, provider, reference = where
    uncounted = unpriced = None
    try:
        model = resolve(reference)
    except MeasurementError:
        found = parse(reference)
        uncounted, _ = why_refused(found.plain, is_opaque=found.is_opaque)
    else:
        try:
            catalogue.rates(model, Service())
        except MeasurementError as error:
            unpriced = re.sub(r"'[^']*'|\S+/\S+|\S+\.json", "it", error.problems[0].what)
    return Looked(list_name, provider, reference, uncounted, unpriced)


def table(found: list[Looked]) -> str:
    """The shares, by list and provider, and the reasons."""
    lines = [
        "| list | models | counted | and priced by genai-prices or the file |",
        "| --- | --- | --- | --- |",
    ]
    for name in ("genai-prices", "LiteLLM"):
        rows = [item for item in found if item.list_name == name]
        lines.append(f"| {name}, all | {_shares(rows)} |")
        groups = defaultdict(list)
        for item in rows:
            groups[item.provider].append(item)
        biggest = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
        for provider, group in biggest[:SHOWN_PROVIDERS]:
            lines.append(f"| {name}, {provider} | {_shares(group)} |")
    lines += ["", "| refused, because | genai-prices | LiteLLM |", "| --- | --- | --- |"]
    reasons = Counter((item.uncounted, item.list_name) for item in found if item.uncounted)
    for reason in sorted({reason for reason, _ in reasons if reason}):
        one, other = reasons[reason, "genai-prices"], reasons[reason, "LiteLLM"]
        lines.append(f"| {reason} | {one} | {other} |")
    return "\n".join(lines)


def _shares(rows: list[Looked]) -> str:
    counted = [item for item in rows if item.uncounted is None]
    priced = [item for item in counted if item.unpriced is None]
    return f"{len(rows):,} | {len(counted) / len(rows):.1%} | {len(priced) / len(rows):.1%}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("litellm", type=Path)
    parser.add_argument("--refused", action="store_true")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    text = chosen.litellm.read_text("utf-8")
    file = LiteLLMPrices(PriceFile(path="litellm.json", text=text))
    catalogues = {
        "genai-prices": PriceLookup(as_of=AS_OF, overrides={}),
        "LiteLLM": PriceLookup(as_of=AS_OF, overrides={}, file=file),
    }
    found = [look_up(item, catalogues[item[0]]) for item in names(json.loads(text))]
    if chosen.refused:
        for item in found:
            if item.uncounted or item.unpriced:
                print(f"{item.list_name}: {item.reference}: {item.uncounted or item.unpriced}")
    shares = table(found)
    print(shares)
    if chosen.write:
        before, begin, rest = PAGE.read_text("utf-8").partition("<!-- shares: begin -->\n")
        _, end, after = rest.partition("<!-- shares: end -->")
        PAGE.write_text(f"{before}{begin}{shares}\n{end}{after}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
