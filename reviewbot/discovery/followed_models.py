"""Models of a configuration that `init` read off the code, where the code names another one now."""

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from reviewbot.configuration.settings import Guess, Workflow
from reviewbot.configuration.text_edits import TextEdits
from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.configuration_text import model_lines
from reviewbot.discovery.findings import Nearby
from reviewbot.discovery.update import News
from reviewbot.tokens.same_model import is_same_model

_WRITTEN = re.compile(
    r"[ \t]{1,9}# CHANGE: a model is named at [^\n]{1,300} \((?P<model>[^()]+)\),"
)
_MOST_NAMED = 3


class Followed(Struct, frozen=True, kw_only=True):
    """The text of a configuration that follows the code, and what to say of it."""

    text: str
    said: tuple[str, ...] = ()


def followed(text: str, news: News, known: Iterable[Proposed]) -> Followed:
    """The configuration's text with the models that are assumed now for its own workflows.

    That is where a model is still a guess, and its line is as `init` wrote it.
    """
    told: dict[tuple[str, Nearby], list[str]] = {}
    edits: list[tuple[int, int, str]] = []
    lines = TextEdits(text)
    for workflow, item, nearby in _pairs(news, known):
        path = ("workflows", workflow.name, "model")
        begins, ends, line_ends = lines.line(path) if lines.has(path) else (0, 0, 0)
        model, written = workflow.model or "", _WRITTEN.match(text[ends:line_ends])
        if written is None or written["model"] != model or is_same_model(nearby.model, model):
            continue
        line_ends -= text[ends:line_ends].endswith("\r")
        edits.append((begins, line_ends, next(model_lines(item)).strip().removeprefix("model: ")))
        told.setdefault((model, nearby), []).append(workflow.name)
    for begins, ends, line in sorted(edits, reverse=True):
        text = f"{text[:begins]}{line}{text[ends:]}"
    return Followed(text=text, said=tuple(_said(told)))


def _pairs(news: News, known: Iterable[Proposed]) -> Iterator[tuple[Workflow, Proposed, Nearby]]:
    """The workflows whose models are guesses, each with what would be proposed now."""
    seen: set[str] = set()
    for item in known:
        workflow = news.configuration.workflows.get(news.covering(item) or "")
        if workflow is None or item.nearby is None or item.nearby.is_usual or workflow.name in seen:
            continue
        seen.add(workflow.name)
        if Guess.MODEL in workflow.assumed and workflow.model is not None:
            yield workflow, item, item.nearby


def _said(told: Mapping[tuple[str, Nearby], list[str]]) -> Iterator[str]:
    for (was, nearby), names in told.items():
        left = len(names[_MOST_NAMED:])
        several = f"{', '.join(names[:_MOST_NAMED])}{f' and {left:,} more' if left else ''}"
        yield (
            f"followed: the model of {several} is {nearby.model} now, was {was}, as "
            f"{nearby.place} names it; it is still a guess"
        )
