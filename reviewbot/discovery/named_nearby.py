"""The model to assume for a prompt that none names: one that stands near it, or its provider's.

No call is known that sends such a prompt. Where its function, else its file, else the whole project
names one model only, that is a better guess than any other, and it is told as one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.findings import Nearby
from reviewbot.errors import Place
from reviewbot.prompts.own_sources import own_sources
from reviewbot.rendering.parsers._common.known_models import is_known_model
from reviewbot.repository.trees import Tree

_NAMED = re.compile(
    r"(?:[mM]odel|MODEL|llm|LLM)(?:_?(?:[nN]ame|NAME|[iI]d|ID|str))?[\"']?[ \t]{0,9}"
    r"(?::[^\n=\"'(){}\[\]]{1,60})?(?<![=!<>])[=:](?!=)[^\n\"'{\[#]{0,60}[\"']([\w.:/@-]{2,80})[\"']"
)
_USUAL = {
    "anthropic": "anthropic/claude-sonnet-4-5",
    "google": "google/gemini-2.5-flash",
    "mistral": "mistral/mistral-large-latest",
}
"""The model in common use of each provider whose library is imported, but for OpenAI's."""

_IMPORT = re.compile(r"(?m)^[ \t]{0,20}(?:import|from|const|let|var)\b[^\n]{0,200}")
_LIBRARY = re.compile(
    r"(?P<openai>openai)|(?P<anthropic>anthropic)|(?P<mistral>mistralai)"
    r"|(?P<google>google[./](?:genai|generativeai|generative-ai)|vertexai|google_genai)"
)
_HEAD = re.compile(
    r"(?m)^([ \t]{0,40})(?:(?:export|default|async|static)[ \t]){0,4}"
    r"(?:def|class|function)[ \t]{1,9}(\w{1,80})"
)
_LINE = re.compile(r"(?m)^([ \t]{0,80})[^\s)\]}#]")
_MOST_CHARACTERS = 6_000_000
"""Of the source that is searched for the one model of a project."""

_Named = Mapping[str, Place]


def with_nearby(workflows: Iterable[Proposed], tree: Tree) -> tuple[Proposed, ...]:
    """The workflows, those of source code that name no model with one that may be theirs."""
    found = tuple(workflows)
    if not any(map(_is_nameless, found)):
        return found
    project = _Project(tree)
    return tuple(
        replace(item, nearby=project.near(item)) if _is_nameless(item) else item for item in found
    )


def _is_nameless(item: Proposed) -> bool:
    first = item.prompts[0]
    is_source = first.selector is not None and prompt_formats.of_source(first.path) is not None
    return is_source and item.model is None and item.default_model is None


class _Project:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        left = _MOST_CHARACTERS
        for path, text in own_sources(self._tree):
            left -= len(text)
            if left < 0:
                return {}
            found[path] = text
        return found

    @cached_property
    def _whole(self) -> _Named:
        """The models that the project names, and where first."""
        found: dict[str, Place] = {}
        for path, text in self._texts.items():
            for model, place in _named(path, text).items():
                found.setdefault(model, place)
        return found

    def near(self, item: Proposed) -> Nearby | None:
        """The one model that is named nearest to a workflow's prompt, or its provider's usual."""
        first = item.prompts[0]
        text = self._texts.get(first.path, "")
        places = (
            *(_named(first.path, text, *span) for span in _functions(text, first.selector or "")),
            _named(first.path, text),
        )
        named = next((models for models in places if models), None)
        if named is None:
            named = self._whole
        if len(named) == 1:
            ((model, place),) = named.items()
            return Nearby(model=model, place=place)
        sold = {
            hit.lastgroup or ""
            for line in _IMPORT.finditer(text)
            for hit in _LIBRARY.finditer(line[0].lower())
        }
        usual = _USUAL.get(next(iter(sold))) if len(sold) == 1 else None
        if usual is None:
            return None
        return Nearby(model=usual, place=Place(file=first.path), is_usual=True)


def _named(path: str, text: str, begins: int = 0, ends: int | None = None) -> _Named:
    """The models that a part of a text names, each with the first place."""
    found: dict[str, Place] = {}
    for hit in _NAMED.finditer(text, begins, len(text) if ends is None else ends):
        if any(sign.isdigit() or sign == "-" for sign in hit[1]) and is_known_model(hit[1]):
            line = text.count("\n", 0, hit.start(1)) + 1
            found.setdefault(hit[1], Place(file=path, line=line))
    return found


def _functions(text: str, selector: str) -> Iterator[tuple[int, int]]:
    """Where the functions and classes of a selector stand, from the innermost out."""
    for step in reversed(selector.split(".")[:-1] or [selector]):
        name = step.partition("@")[0]
        head = next((hit for hit in _HEAD.finditer(text) if hit[2] == name), None)
        if head is not None:
            lines = _LINE.finditer(text, head.end())
            ends = (line.start() for line in lines if len(line[1]) <= len(head[1]))
            yield head.start(), next(ends, len(text))


def nearby_lines(workflows: Iterable[Proposed]) -> list[str]:
    """What is assumed so, in words: each model with the place that names it."""
    several: dict[Nearby, int] = {}
    for item in workflows:
        if item.nearby is not None:
            several[item.nearby] = several.get(item.nearby, 0) + 1
    told = [
        f"{count:,} {'workflow' if count == 1 else 'workflows'}: {near.why}"
        for near, count in several.items()
    ]
    more = [f"{len(told) - _MOST_TOLD:,} more such models"] if len(told) > _MOST_TOLD else []
    return [*told[:_MOST_TOLD], *more]


_MOST_TOLD = 4
