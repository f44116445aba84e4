"""Whether what a computed `model` differs in is a model that figures hold before and after."""

import re
from collections import Counter
from collections.abc import Iterator

from reviewbot.errors import MeasurementError
from reviewbot.prompt import RequestSetting
from reviewbot.rendering.parsers._common.requests import MODELS
from reviewbot.scope.affected import Side


def holds_swap(
    was: Side, now: Side, before: RequestSetting | None, after: RequestSetting | None
) -> bool:
    """Whether both sides are priced with the model that code falls back to, and only that changed.

    That is, each changed line which names either model is the same but for it; where a file cannot
    be read on both sides nobody knows.
    """
    if before is None or after is None or not before.shown or before.shown != after.shown:
        return False
    models = [it.source.called_models for it in (was, now)]
    priced = [(it.source.model,) for it in (was, now)]
    if after.key not in MODELS or models != priced or models[0] == models[1]:
        return False
    old, new = (side.source.model for side in (was, now))
    try:
        pairs = list(_changed_texts(was, now))
    except MeasurementError:
        return False
    return bool(pairs) and _masked([one for one, _ in pairs], [two for _, two in pairs], old, new)


def _changed_texts(was: Side, now: Side) -> Iterator[tuple[str, str]]:
    """The texts of the files that differ.

    Raises:
        MeasurementError: One cannot be read on both sides.

    """
    for path in sorted({*was.source.files, *now.source.files}):
        if was.source.files.get(path) != now.source.files.get(path):
            yield was.reader.text(path), now.reader.text(path)


def _masked(before: list[str], after: list[str], old: str, new: str) -> bool:
    """Whether the lines that name a model, and that only one side has, differ in it alone."""
    names = re.compile("|".join(rf"\b{re.escape(re.split('[/:]', it)[-1])}\b" for it in (new, old)))
    gone, come = (Counter("\n".join(texts).split("\n")) for texts in (before, after))
    were = Counter(names.sub("", line) for line in (gone - come).elements() if names.search(line))
    are = Counter(names.sub("", line) for line in (come - gone).elements() if names.search(line))
    return bool(are) and were == are
