"""Calls in changed code that sent a prompt of a workflow, and since the change something else."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from reviewbot.prompt_formats._common.call_site import CallSite
from reviewbot.scope.affected import Resent, Scope


def lost_calls(
    sent: Sequence[CallSite],
    others: Sequence[CallSite],
    covered: Sequence[CallSite],
    is_other: Callable[[CallSite, CallSite], bool],
) -> Iterator[CallSite]:
    """Those of the calls that no workflow covers now, of which one that was covered became one.

    `sent` were covered before, `covered` are now. `is_other` says whether a call sends something
    else than one did before. One whose texts a covered call of another name sends now has become
    that. A call that only the running program can tell counts under whatever name, if one that was
    covered is gone.
    """
    moved = _moved(sent, covered)
    by_name = {call.name: call for call in sent if call.name not in moved}
    left = len(sent) - len(covered)
    for call in others:
        before = by_name.get(call.name)
        is_told = bool(call.parts) or call.whole is not None
        is_lost = left > 0 if before is None else not is_told or is_other(call, before)
        if is_lost and not (before is None and is_told):
            left -= 1
            yield call


def _moved(sent: Sequence[CallSite], covered: Sequence[CallSite]) -> set[str]:
    """The names of calls that were covered before, and whose texts one of another name sends now.

    A call that sends the same under its own name as before is no other's.
    """
    was = {call.name: _texts(call) for call in sent}
    now = Counter(_texts(call) for call in covered if was.get(call.name) != _texts(call))
    found: set[str] = set()
    staying = {call.name for call in covered if was.get(call.name) == _texts(call)}
    for call in sent:
        texts = _texts(call)
        if texts and call.name not in staying and now[texts] > 0:
            now[texts] -= 1
            found.add(call.name)
    return found


def _texts(call: CallSite) -> tuple[str, ...]:
    return tuple(text for _, text in call.parts)


def with_lost(scope: Scope, lost: Sequence[Resent]) -> Scope:
    """The scope with calls that are `lost` among what is sent otherwise, by path."""
    told = {item.path for item in scope.resent}
    found = [*scope.resent, *(item for item in lost if item.path not in told)]
    found.sort(key=lambda item: (item.path, item.line, item.name, item.form))
    return replace(scope, resent=tuple(found))


def sends_another(
    count: Callable[[str], int | None], most: int, call: CallSite, before: CallSite
) -> bool:
    """Whether a call sends another text, or one longer by more than may be added unseen."""
    now, was = ("".join(text for _, text in one.parts) for one in (call, before))
    sizes = count(now), count(was)
    if was not in now or sizes[0] is None or sizes[1] is None:
        return True
    return sizes[0] - sizes[1] > most
