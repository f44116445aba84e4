"""Which changed lines, or which other cause, change the cost: each once, over all workflows.

A partial that twenty-five workflows include is one place, with the sum of what it adds to each.
"""

from collections.abc import Iterator
from decimal import Decimal, localcontext

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.costs.rates import EXACT
from reviewbot.outputs import explaining, wording
from reviewbot.outputs.causes import MODEL_CAUSES, cause_cents, swapped_models
from reviewbot.report import CauseName, HunkFigures, Report, Verdict, WorkflowReview


class Where(Struct, frozen=True):
    """Lines of a file, the whole file where they are None, or no file: the `cause` alone.

    `swap` are the models before and after, where these are the cause.
    """

    cause: CauseName
    file: str | None = None
    first_line: int | None = None
    last_line: int | None = None
    swap: str | None = None


class ChangedPlace(Struct, frozen=True, kw_only=True):
    """What one place adds to the month of `workflows`, in USD.

    `usd_per_month` is exact, and for one workflow in cents that add up to its change as shown.
    `hunks` are measured together there. `input_tokens` are those of one call, None where the
    workflows differ or where no text is the cause.
    """

    where: Where
    workflows: tuple[str, ...]
    exact_usd: Decimal
    usd_per_month: Decimal
    input_tokens: Decimal | None = None
    hunks: int = 1


def place_name(place: ChangedPlace) -> str:
    """The lines, the models or the cause that a place is."""
    where = place.where
    cause = where.cause if where.swap is None else f"model {where.swap}"
    if where.file is None:
        return cause
    lines = "" if where.first_line is None else f":{where.first_line}"
    if where.last_line is not None and where.last_line != where.first_line:
        lines += f"–{where.last_line}"
    more = f" and {place.hunks - 1} more changes" if place.hunks > 1 else ""
    beside = f", {cause}" if where.swap else ""
    return f"{wording.plain(where.file)}{lines}{more}{beside}"


def place_text(place: ChangedPlace) -> str:
    """A place and what it adds to a month."""
    return f"{place_name(place)}: {wording.usd_change(place.usd_per_month)} a month"


def changed_places(report: Report) -> list[ChangedPlace]:
    """The places that change the month: those of workflows with a finding first, then by size.

    Where a workflow's lines were not measured one by one, its whole change of text counts for the
    one file that it has changed in.
    """
    found: dict[Where, ChangedPlace] = {}
    for workflow in wording.by_severity(report):
        for place in _of(workflow):
            _add(found, place)
    lines: dict[str | None, list[Where]] = {}
    for where in found:
        lines.setdefault(where.file, []).append(where)
    for where in [item for item in found if item.file is not None and item.first_line is None]:
        others = [item for item in lines[where.file] if item != where and item.swap is None]
        if len(others) == 1:
            _add(found, replace(found.pop(where), where=others[0]))
    passing = {item.name for item in report.workflows if item.verdict is Verdict.PASS}

    def key(place: ChangedPlace) -> tuple[bool, Decimal, str]:
        return (
            passing.issuperset(place.workflows),
            -abs(place.usd_per_month),
            place.where.file or "",
        )

    return sorted((item for item in found.values() if item.usd_per_month), key=key)


def _add(found: dict[Where, ChangedPlace], place: ChangedPlace) -> None:
    earlier = found.get(place.where)
    if earlier is None:
        found[place.where] = place
        return
    is_same = earlier.input_tokens == place.input_tokens
    with localcontext(EXACT):
        found[place.where] = replace(
            earlier,
            workflows=(*earlier.workflows, *place.workflows),
            exact_usd=earlier.exact_usd + place.exact_usd,
            usd_per_month=earlier.exact_usd + place.exact_usd,
            input_tokens=earlier.input_tokens if is_same else None,
        )


def _of(workflow: WorkflowReview) -> Iterator[ChangedPlace]:
    shown_hunks, _ = explaining.shown_hunks(workflow)
    measured = [item for item in workflow.hunks if item.usd_per_month is not None]
    model = model_place(workflow)
    if model is not None:
        yield model
        own = replace(model.where, cause=CauseName.PROMPT_TEXT, swap=None)
        measured = [item for item in measured if _where_of(item) != own]
    for hunk, rounded in zip(workflow.hunks, shown_hunks, strict=True):
        if hunk in measured and (hunk.usd_per_month or hunk.input_tokens):
            yield _of_hunk(workflow, hunk, rounded.usd_per_month or Decimal(0))
    shown = cause_cents(workflow)
    for cause, cents in zip(workflow.causes, shown, strict=True):
        is_text = cause.name is CauseName.PROMPT_TEXT
        if (is_text and measured) or (model is not None and cause.name in MODEL_CAUSES):
            continue
        file = workflow.files[0] if is_text and len(workflow.files) == 1 else None
        yield ChangedPlace(
            where=Where(cause.name, file),
            workflows=(workflow.name,),
            exact_usd=cause.usd_per_month,
            usd_per_month=cents or cause.usd_per_month,
            input_tokens=_added_tokens(workflow) if is_text else None,
        )


def model_place(workflow: WorkflowReview) -> ChangedPlace | None:
    """What another model adds, its price and its tokenizer together, where the lines name it."""
    swap = swapped_models(workflow)
    if swap is None:
        return None
    cents = cause_cents(workflow)
    parts = [
        (cause.usd_per_month, shown)
        for cause, shown in zip(workflow.causes, cents, strict=True)
        if cause.name in MODEL_CAUSES
    ]
    with localcontext(EXACT):
        exact = sum((usd for usd, _ in parts), Decimal(0))
        shown_usd = sum((usd for _, usd in parts), Decimal(0))
    hunk = _naming_hunk(workflow, exact)
    where = Where(CauseName.MODEL_PRICE) if hunk is None else _where_of(hunk)
    return ChangedPlace(
        where=replace(where, cause=CauseName.MODEL_PRICE, swap=swap),
        workflows=(workflow.name,),
        exact_usd=exact,
        usd_per_month=shown_usd or exact,
        hunks=hunk.hunks if hunk else 1,
    )


def is_named_by(model: ChangedPlace, hunk: HunkFigures) -> bool:
    """Whether changed lines are what names another model."""
    return replace(model.where, cause=CauseName.PROMPT_TEXT, swap=None) == _where_of(hunk)


def _naming_hunk(workflow: WorkflowReview, model_usd: Decimal) -> HunkFigures | None:
    """The changed lines that name the model: what lines add holds what it adds, if they do."""
    measured = [item for item in workflow.hunks if item.usd_per_month is not None]
    with localcontext(EXACT):
        lines = sum((item.usd_per_month or Decimal(0) for item in measured), Decimal(0))
        others = sum(
            (item.usd_per_month for item in workflow.causes if item.name is CauseName.PROMPT_TEXT),
            Decimal(0),
        )
        is_named = abs(lines - others) > abs(lines - others - model_usd)
        near = sorted(measured, key=lambda item: abs((item.usd_per_month or 0) - model_usd))
    return near[0] if near and is_named else None


def _where_of(hunk: HunkFigures) -> Where:
    return Where(CauseName.PROMPT_TEXT, hunk.file, hunk.first_line, hunk.last_line)


def _of_hunk(workflow: WorkflowReview, hunk: HunkFigures, cents: Decimal) -> ChangedPlace:
    return ChangedPlace(
        where=_where_of(hunk),
        workflows=(workflow.name,),
        exact_usd=hunk.usd_per_month or Decimal(0),
        usd_per_month=cents,
        input_tokens=hunk.input_tokens,
        hunks=hunk.hunks,
    )


def _added_tokens(workflow: WorkflowReview) -> Decimal | None:
    if workflow.before is None or workflow.after is None:
        return None
    with localcontext(EXACT):
        return workflow.after.mean_input_tokens - workflow.before.mean_input_tokens
