"""Calls in changed code that sent a prompt of a workflow, and since the change something else."""

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from reviewbot.prompt_formats._common.call_site import CallSite
from reviewbot.scope.affected import Resent, Scope


def lost_calls(
    sent: Sequence[CallSite],
    others: Sequence[CallSite],
    covered: int,
    is_other: Callable[[CallSite, CallSite], bool],
) -> Iterator[CallSite]:
    """Those of the calls that no workflow covers now, of which one that was covered became one.

    `sent` were covered before, `covered` more are now. `is_other` says whether a call sends
    something else than one did before. A call that only the running program can tell counts under
    whatever name, if one that was covered is gone.
    """
    by_name = {call.name: call for call in sent}
    left = len(sent) - covered
    for call in others:
        before = by_name.get(call.name)
        is_told = bool(call.parts) or call.whole is not None
        is_lost = left > 0 if before is None else not is_told or is_other(call, before)
        if is_lost and not (before is None and is_told):
            left -= 1
            yield call


def with_lost(scope: Scope, lost: Sequence[Resent]) -> Scope:
    """The scope with calls that are `lost` among what is sent otherwise, by path."""
    told = {item.path for item in scope.resent}
    found = [*scope.resent, *(item for item in lost if item.path not in told)]
    found.sort(key=lambda item: (item.path, item.line, item.name, item.form))
    return replace(scope, resent=tuple(found))
