"""The functions of a file that send texts, and give only what a model answers."""

from collections.abc import Iterable
from typing import Final

from reviewbot.rendering.parsers._common.answers import is_answer_kept
from reviewbot.rendering.parsers._common.called_functions import inside
from reviewbot.rendering.parsers._common.sent_forms import Forms
from reviewbot.rendering.parsers._common.sent_parts import Called, Named, Part

_MOST_PARTS: Final = 500


def answering(forms: Forms, senders: Iterable[str]) -> list[str]:
    """Those of the `senders` that give nothing of what they send back."""
    giving = {
        block.path[-1]
        for block in forms.blocks
        if block.path and not all(_is_answer(part, forms) for part in block.returned)
    }
    return [name for name in senders if name not in giving]


def _is_answer(returned: Part, forms: Forms) -> bool:
    """Whether no text is in what a function gives, but under names of what a model answered."""
    waiting = [returned]
    seen: set[int] = set()
    for part in waiting:
        if id(part) in seen or not forms.texts_in(part):
            continue
        seen.add(id(part))
        if isinstance(part, Called) and part.name in forms.names:
            return False
        is_name = isinstance(part, Named)
        behind = forms.functions.values_behind(part) if is_name else inside(part)
        left = [one for one in behind if not is_answer_kept(one)]
        is_text = is_name and not forms.names.isdisjoint(part.steps) and bool(left)
        if not behind or is_text or len(waiting) > _MOST_PARTS:
            return False
        waiting += left
    return True
