"""Calls in changed source that no workflow covers, with texts too short to be found as prompts."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from reviewbot.prompt import Discovered
from reviewbot.prompt_formats._common.call_site import CallSite, ModelCall
from reviewbot.scope.not_covered import NewPrompt


def short_calls(
    path: str,
    calls: Iterable[CallSite],
    earlier: Iterable[CallSite],
    discovered: Sequence[Discovered],
    tokens: Callable[[str], int | None],
) -> Iterator[NewPrompt]:
    """What calls send that is new, or longer than what the `earlier` call of its name sent.

    What is `discovered` in the file is told by itself. A text of which only the program knows any
    is left out.
    """
    before = {call.name: _text(call) for call in earlier}
    standing = {*before.values()}
    for call in calls:
        text = _text(call)
        if not text.strip() or text in standing or _is_discovered(call, discovered):
            continue
        size, was = tokens(text), tokens(before.get(call.name, ""))
        if size is not None and was is not None and size > was:
            selector = call.whole[0] if call.whole else call.parts[0][0]
            yield NewPrompt(
                path=path,
                selector=selector,
                line=call.line,
                last_line=call.line,
                tokens=size,
                tokens_before=was if before.get(call.name) else None,
            )


def models_by_line(calls: Iterable[ModelCall]) -> dict[int, str | None]:
    """The one model that the calls of a line name, or fall back to; None if there are several."""
    found: dict[int, set[str]] = {}
    for call in calls:
        named = call.model or call.default_model
        found.setdefault(call.line, set()).update([named] if named else ())
    return {line: models.pop() if len(models) == 1 else None for line, models in found.items()}


def _text(call: CallSite) -> str:
    return call.whole[1] if call.whole else "\n".join(text for _, text in call.parts)


def _is_discovered(call: CallSite, discovered: Iterable[Discovered]) -> bool:
    names = {call.name, *(name for name, _ in call.parts)}
    names |= {call.whole[0]} if call.whole else set()
    texts = {_text(call), *(text for _, text in call.parts)}
    return any(
        item.text in texts or (name := item.selector or "") in names or _is_inside(name, call.name)
        for item in discovered
    )


def _is_inside(selector: str, name: str) -> bool:
    return selector.startswith(f"{name}.")
