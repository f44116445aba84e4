"""What each workflow costs now, as a table for the terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from reviewbot.costs.rates import EXACT
from reviewbot.errors import Problem
from reviewbot.outputs import wording
from reviewbot.outputs.amounts import in_cents
from reviewbot.outputs.narrow_table import narrow, narrow_table, shorten, table_width
from reviewbot.outputs.unmeasured import grouped
from reviewbot.outputs.wrapping import wrapped
from reviewbot.report import Figures, Report

if TYPE_CHECKING:
    from rich.console import Console

SHOWN_ROWS = 25
"""As many workflows as a terminal shows at a glance, the dearest of them."""
_WORKFLOW, _MODEL, _PROMPT = _NAMES = ("workflow", "model", "prompt")
_NARROWEST_PROMPT = 24
_THOUSAND, _MONTH = "1,000 calls", "a month"
_ESTIMATED = "≈"
_GUESSED = "rests on sample values that reviewbot guessed"
_AS_IT_IS: Mapping[str, Any] = {"no_wrap": True, "overflow": "ignore", "crop": False}
"""How a line is printed whose width is settled."""


class Costs(Struct, frozen=True, kw_only=True):
    """What is shown: `has_traffic` says that months are known, and `most_rows` how many fit.

    `prompts` has those of each workflow. `apart` are workflows that are not in the total: one line
    below the table, or where it `is_verbose` a table of their own. `guessed` are those whose
    samples reviewbot guessed. What is verbose has all prompts in its `notes`, and none in a table.
    """

    report: Report
    prompts: Mapping[str, Sequence[str]]
    unmeasured: Mapping[str, Problem]
    notes: Iterable[str]
    has_traffic: bool
    most_rows: int | None
    apart: frozenset[str] = frozenset()
    guessed: frozenset[str] = frozenset()
    is_verbose: bool = False


def render_cost_table(costs: Costs, console: "Console") -> str:
    """The workflows from the dearest down, their total, and what could not be measured.

    What a mend has to type stays in one line, so that it can be copied.

    `console` says how wide the text is and whether it has colour; nothing is printed to it. Figures
    never break. Where a row is too wide, a model that all have in common becomes a line below, then
    the column goes that others tell, then the provider that all have in common, and at last names
    are shortened; they break where all rows are asked for. Where there is room, the first prompt of
    each workflow stands at the end.
    """
    from rich.text import Text

    every = [(item.name, item.after) for item in costs.report.workflows if item.after]
    every.sort(key=lambda item: (-_sum([item[1]], costs), item[0]))
    measured = [item for item in every if item[0] not in costs.apart]
    apart = [item for item in every if item[0] in costs.apart]
    with console.capture() as capture:
        _print_table(measured, costs, console)
        if apart:
            line = _apart([figures for _, figures in apart], costs)
            console.print("\n".join(wrapped([line], console.width)), **_AS_IT_IS)
        if costs.is_verbose:
            _print_table(apart, costs, console)
        for item in grouped(sorted(costs.unmeasured.items())):
            place = f"{item.problem.place}: " if item.problem.place else ""
            said = wording.plain(f"not measured: {item.whose}: {place}{item.problem.what}")
            for line in wrapped([said], console.width):
                console.print(Text(line), style="red", **_AS_IT_IS)
            for line in wrapped([f"  {wording.plain(item.problem.mend)}"], console.width):
                console.print(Text(line), **_AS_IT_IS)
        for line in wrapped(map(wording.plain, costs.notes), console.width):
            console.print(Text(line), **_AS_IT_IS)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _print_table(measured: Sequence[tuple[str, Figures]], costs: Costs, console: "Console") -> None:
    """Print the rows with their total, and what they have in common; nothing where none is."""
    from rich.text import Text

    if not measured:
        return
    columns, lines = _fitted(measured, costs, console.width)
    lines[:0] = _legend(measured, costs)
    if folded := len(measured[costs.most_rows :]) if costs.most_rows else 0:
        lines.append(f"{folded:,} more: `reviewbot cost --verbose` shows them.")
    console.print(narrow_table(columns, _NAMES, has_footer=True))
    for line in wrapped(map(wording.plain, lines), console.width):
        console.print(Text(line), **_AS_IT_IS)


def _legend(measured: Sequence[tuple[str, Figures]], costs: Costs) -> Iterator[str]:
    """What the mark of an estimate means here, where any figure has it."""
    is_counted = all(figures.exact for _, figures in measured)
    is_guessed = any(name in costs.guessed for name, _ in measured)
    meant = [*([] if is_counted else ["estimated"]), *([_GUESSED] if is_guessed else [])]
    if meant:
        yield f"{_ESTIMATED} {', or '.join(meant)}"


def _apart(apart: Sequence[Figures], costs: Costs) -> str:
    """How many workflows are beside the product's, and their sum."""
    amount = wording.usd(_sum(apart, costs))
    unit = _MONTH if costs.has_traffic else f"for {_THOUSAND} of each"
    said = f"Instructions of coding agents, not in the total: {len(apart):,}, {amount} {unit}"
    return f"{said}:" if costs.is_verbose else f"{said}; `reviewbot cost --verbose` shows them."


def _fitted(
    measured: Sequence[tuple[str, Figures]], costs: Costs, width: int
) -> tuple[dict[str, list[str]], list[str]]:
    """The columns that fit into `width`, and lines that say what all of them have in common."""
    columns, lines = _columns(measured, costs), []
    models = {figures.model for _, figures in measured}
    providers = {model.partition("/")[0] for model in models if "/" in model}
    if table_width(columns) > width and len(models) == 1:
        del columns[_MODEL]
        lines.append(f"All of them: {models.pop()}.")
    if table_width(columns) > width and _MONTH in columns:
        columns.pop(_THOUSAND, None)
    if table_width(columns) > width and len(providers) == 1 and _MODEL in columns:
        (provider,) = providers
        columns[_MODEL] = [cell.removeprefix(f"{provider}/") for cell in columns[_MODEL]]
        lines.append(f"Provider of all models: {provider}.")
    fit = narrow if costs.most_rows is None else shorten
    fit(columns, _NAMES, width)
    room = width - table_width(columns | {_PROMPT: [""]}) + len(_PROMPT)
    if room >= _NARROWEST_PROMPT and not costs.is_verbose:
        columns[_PROMPT] = _first_prompts(measured, costs, room)
        columns[_PROMPT] += [""] * (len(columns[_WORKFLOW]) - len(columns[_PROMPT]))
    return columns, lines


def _first_prompts(measured: Sequence[tuple[str, Figures]], costs: Costs, room: int) -> list[str]:
    """The first prompt of each workflow that is shown, and how many more there are."""
    cells = []
    for name, _ in measured[: costs.most_rows]:
        first, *others = map(wording.plain, costs.prompts[name])
        more = f" +{len(others)}" if others else ""
        cells.append(f"{_short_place(first, room - len(more))}{more}")
    return cells


def _short_place(place: str, room: int) -> str:
    """A prompt's file and selector without the folders, and as much of it as there is room for."""
    if len(place) <= room:
        return place
    path, mark, selector = place.partition("#")
    folder, _, file = path.rpartition("/")
    short = f"…/{file}{mark}{selector}" if folder else place
    return short if len(short) <= room else f"{short[: room - 1]}…"


def _columns(measured: Sequence[tuple[str, Figures]], costs: Costs) -> dict[str, list[str]]:
    """The cells of each column; the last one is the footer's."""
    shown = measured[: costs.most_rows]
    folded = measured[len(shown) :]
    names = [wording.plain(name) for name, _ in shown]
    inputs = [_input_tokens(figures, is_guessed=name in costs.guessed) for name, figures in shown]
    models = [wording.plain(figures.model) for _, figures in shown]
    calls = _aligned([wording.usd_per_call(figures.usd_per_call) for _, figures in shown])
    thousands = [wording.usd(_thousand_usd(figures)) for _, figures in shown]
    months = [wording.usd(figures.usd_per_month) for _, figures in shown]
    amounts = months if costs.has_traffic else thousands
    if folded:
        for column in (inputs, models, calls):
            column.append("")
        names.append(f"and {len(folded):,} more")
        amounts.append(wording.usd(_sum([figures for _, figures in folded], costs)))
    total = _sum([figures for _, figures in measured], costs)
    with localcontext(EXACT):
        parts = sum((in_cents(_sum([item], costs)) for _, item in measured), Decimal(0))
    columns = {
        _WORKFLOW: [*names, _total_name(costs, is_rounded=parts != in_cents(total))],
        _MODEL: [*models, ""],
        "input tokens": [*inputs, ""],
        "a call": [*calls, ""],
    }
    if not costs.has_traffic:
        return columns | {_THOUSAND: [*thousands, wording.usd(total)]}
    if thousands != months[: len(thousands)]:
        columns[_THOUSAND] = [*thousands, *[""] * (1 + bool(folded))]
    return columns | {_MONTH: [*months, wording.usd(total)]}


def _total_name(costs: Costs, *, is_rounded: bool) -> str:
    name = "total measured" if costs.unmeasured.keys() - costs.apart else "total"
    return f"{name}, rounded" if is_rounded else name


def _sum(figures: Iterable[Figures], costs: Costs) -> Decimal:
    """The month of some workflows, or a thousand calls of each, in USD."""
    with localcontext(EXACT):
        return sum(
            (item.usd_per_month if costs.has_traffic else _thousand_usd(item) for item in figures),
            Decimal(0),
        )


def _thousand_usd(figures: Figures) -> Decimal:
    with localcontext(EXACT):
        return figures.usd_per_call * 1_000


def _input_tokens(figures: Figures, *, is_guessed: bool) -> str:
    mark = _ESTIMATED if is_guessed or not figures.exact else ""
    return f"{mark}{wording.tokens(figures.mean_input_tokens)}"


def _aligned(amounts: Sequence[str]) -> list[str]:
    """Amounts with as many blanks behind them that their points stand below each other."""
    places = [len(amount.partition(".")[2]) for amount in amounts]
    most = max(places, default=0)
    return [f"{amount}{' ' * (most - own)}" for amount, own in zip(amounts, places, strict=True)]
