"""Messages that stand in a call beside those of a workflow, which does not count them."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.prompt_formats._common.call_site import CallMessages
from reviewbot.scope.affected import Resent
from reviewbot.scope.changed_source import ChangedSource
from reviewbot.scope.sent_prompts import SentPrompts

_Message = tuple[str, str, int]
"""The selector, the text and the line of a message."""


class _Divided(Struct, frozen=True):
    """A call of a `name`: what of its messages workflows have as their `own`, and the others."""

    name: str
    own: list[_Message]
    others: list[_Message]


def messages_beside(
    source: ChangedSource,
    read: Callable[[str], Sequence[CallMessages]],
    sent: tuple[SentPrompts, SentPrompts],
    added: Callable[[Sequence[str], Sequence[str]], int],
) -> Iterator[Resent]:
    """What calls of a changed file send more than before beside prompts of workflows.

    `read` gives the calls in a text of the file, `sent` what workflows sent before and send now.
    A call is compared with the one of its name, else with the one of those that sent such prompts
    which is most alike. `added` gives the tokens that texts have more than others, as far as
    somebody has to approve them.
    """
    path = source.path
    now = [_divided(path, call, sent[1]) for call in read(source.after)] if source.before else []
    if any(call.own and call.others for call in now):
        was = [_divided(path, call, sent[0]) for call in read(source.before)]
        for item in _grown(path, was, now, added):
            yield replace(item, content=source.after)


def _divided(path: str, call: CallMessages, sent: SentPrompts) -> _Divided:
    own = [item for item in call.messages if sent.have(path, item[0], item[1])]
    return _Divided(call.name, own, [item for item in call.messages if item not in own])


def _grown(
    path: str,
    was: Sequence[_Divided],
    now: Sequence[_Divided],
    added: Callable[[Sequence[str], Sequence[str]], int],
) -> Iterator[Resent]:
    named = {call.name: call.others for call in was}
    several = [call.others for call in was if call.own]
    for call in now:
        before = [named[call.name]] if call.name in named else several
        if not call.own or not before:
            continue
        texts = [text for _, text, _ in call.others]
        more = min(added(texts, [text for _, text, _ in one]) for one in before)
        if more:
            known = {text for one in before for _, text, _ in one}
            new = [line for _, text, line in call.others if text not in known]
            form = f"with {more:,} more tokens in other messages of its call"
            yield Resent(path=path, line=new[0], name=call.own[0][0], form=form)


def tokens_added(
    count: Callable[[str], int | None], most: int, texts: Iterable[str], before: Iterable[str]
) -> int:
    """The tokens that texts have more than others; none if they are not more than `most`.

    A text that cannot be counted has a token for each byte, which is the most that it can have; one
    of those before has none.
    """
    counted = [(text, count(text)) for text in texts]
    now = sum(len(text.encode()) if size is None else size for text, size in counted)
    more = now - sum(count(text) or 0 for text in before)
    return more if more > most else 0
