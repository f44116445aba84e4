"""The model to assume for a prompt that none names: one that stands near it, or its provider's.

No call is known that sends such a prompt. Where its function, else its file, else the whole project
names one model only, that is a better guess than any other, and it is told as one.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.allowance import Allowance
from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.findings import Nearby
from reviewbot.discovery.lent_models import Reach, reach_of, seller_before
from reviewbot.discovery.model_settings import model_of_settings
from reviewbot.discovery.sending_code import is_file, named_where_sent
from reviewbot.errors import Place
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.prompts.own_sources import own_sources
from reviewbot.rendering.parsers._common.known_models import is_known_model
from reviewbot.repository.trees import Tree

_NAMED = re.compile(
    r"(?:[mM]odel|MODEL|llm|LLM)(?:_?(?:[nN]ame|NAME|[iI]d|ID|str))?[\"']?[ \t]{0,9}"
    r"(?::[^\n:=\"'(){}\[\]]{1,60})?(?<![=!<>])[=:](?!=)[^\n\"'{\[#]{0,60}[\"']([\w.:/@-]{2,80})[\"']"
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

_PIECE_CHARACTERS = 50_000
"""After so many it is asked whether any time is left."""

_MOST_HITS = 2_000
"""Models of a file whose calls are looked at; further ones are their functions' own."""

_SEVERAL = 2

_Named = Mapping[str, Place]
"""Models with the first place of each; of several only two."""


def with_nearby(
    workflows: Iterable[Proposed], tree: Tree, allowance: Allowance
) -> tuple[Proposed, ...]:
    """The workflows, those that name no model with one that may be theirs.

    Where the allowance is used up, none is looked for any more.
    """
    found = tuple(workflows)
    sent = named_where_sent(found, tree, allowance)
    found = tuple(
        replace(item, nearby=sent.get(item.prompts[0].path)) if is_file(item) else item
        for item in found
    )
    if any(map(_is_nameless, found)):
        project = _Project(tree, allowance)
        near = (project.near(item) if _is_nameless(item) else item.nearby for item in found)
        found = tuple(replace(item, nearby=one) for item, one in zip(found, near, strict=True))
    open_ones = [item for item in found if _may_be_set(item)]
    setting = model_of_settings(tree, allowance) if open_ones else None
    if setting is None:
        return found
    return tuple(replace(item, nearby=setting) if item in open_ones else item for item in found)


def _may_be_set(item: Proposed) -> bool:
    """Whether nothing but settings may say the model of a workflow."""
    is_usual = item.nearby is not None and item.nearby.is_usual
    return (_is_nameless(item) or is_usual or is_file(item)) and (is_usual or item.nearby is None)


def _is_nameless(item: Proposed) -> bool:
    first = item.prompts[0]
    is_source = first.selector is not None and prompt_formats.of_source(first.path) is not None
    is_named = item.model or item.default_model or item.nearby
    return is_source and not is_named


_Hit = tuple[int, str, int]
"""Where a model is named, which, and in which line."""


class _Runs:
    """Models in the order of a text."""

    def __init__(self, hits: list[_Hit]) -> None:
        self.begins = [at for at, _, _ in hits]
        self.runs = [*_runs(hits)][::-1]


def _runs(hits: list[_Hit]) -> Iterator[tuple[str, int, int]]:
    """Each model, its line, and where in the list the next other one stands; the last first."""
    following = len(hits)
    for number in range(len(hits) - 1, -1, -1):
        _, model, line = hits[number]
        if number + 1 < len(hits) and hits[number + 1][1] != model:
            following = number + 1
        yield model, line, following


class _File:
    """What one source file names; each part of it is read once, when it is asked for."""

    def __init__(self, path: str, text: str, allowance: Allowance) -> None:
        self._path = path
        self._text = text
        self._allowance = allowance
        self._ends: dict[int, int] = {}

    def named(self, begins: int = 0, ends: int | None = None, reach: Reach = Reach.FILE) -> _Named:
        """The models of a part of the text that reach so far, each with its first place."""
        hits = self._runs[reach]
        first = bisect_left(hits.begins, begins)
        last = len(self._text) if ends is None else ends
        found: dict[str, Place] = {}
        while first < len(hits.runs) and hits.begins[first] < last and len(found) < _SEVERAL:
            model, line, first = hits.runs[first]
            found.setdefault(model, Place(file=self._path, line=line))
        return found

    def lent(self, begins: int = 0, ends: int | None = None, reach: Reach = Reach.FILE) -> _Named:
        """Those that reach so far; with one that does not, if that is another one."""
        found = self.named(begins, ends, reach)
        every = self.named(begins, ends, Reach.FUNCTION) if found else found
        return every if len(every) >= _SEVERAL else found

    @cached_property
    def _runs(self) -> Mapping[Reach, "_Runs"]:
        return {
            least: _Runs([hit for reach, hit in self._hits if reach >= least])
            for least in (Reach.FUNCTION, Reach.FILE, Reach.PROJECT)
        }

    @cached_property
    def _hits(self) -> list[tuple[Reach, _Hit]]:
        """Where each model is named, and in which line; of very many only the first reach far."""
        found: list[tuple[Reach, _Hit]] = []
        line, counted = 1, 0
        for begins, ends in self._pieces():
            for hit in _NAMED.finditer(self._text, begins, ends):
                if any(sign.isdigit() or sign == "-" for sign in hit[1]) and is_known_model(hit[1]):
                    line += self._text.count("\n", counted, hit.start(1))
                    counted = hit.start(1)
                    model = seller_before(self._text, counted - 1, hit[1])
                    is_looked_at = len(found) < _MOST_HITS
                    reach = reach_of(self._text, hit.start(), *hit.span(1)) if is_looked_at else 1
                    found.append((Reach(reach), (counted, model, line)))
        return found

    def _pieces(self) -> Iterator[tuple[int, int]]:
        """Parts of the text at ends of lines, as long as anything of the allowance is left."""
        begins = 0
        while begins < len(self._text) and not self._allowance.is_used_up:
            ends = self._text.find("\n", begins + _PIECE_CHARACTERS) + 1 or len(self._text)
            yield begins, ends
            begins = ends

    def functions(self, selector: str) -> Iterator[tuple[int, int]]:
        """Where the functions and classes of a selector stand, from the innermost out."""
        for step in reversed(selector.split(".")[:-1] or [selector]):
            head = self._heads.get(step.partition("@")[0])
            if head is not None and not self._allowance.is_used_up:
                yield head.start(), self._end(head)

    @cached_property
    def _heads(self) -> Mapping[str, re.Match[str]]:
        """The first head of each function and class."""
        found: dict[str, re.Match[str]] = {}
        for begins, ends in self._pieces():
            for head in _HEAD.finditer(self._text, begins, ends):
                found.setdefault(head[2], head)
        return found

    def _end(self, head: re.Match[str]) -> int:
        if head.start() not in self._ends:
            lines = _LINE.finditer(self._text, head.end())
            ends = (line.start() for line in lines if len(line[1]) <= len(head[1]))
            self._ends[head.start()] = next(ends, len(self._text))
        return self._ends[head.start()]

    @cached_property
    def sold(self) -> AbstractSet[str]:
        """Whose libraries the file imports."""
        return {
            hit.lastgroup or ""
            for begins, ends in self._pieces()
            for line in _IMPORT.finditer(self._text, begins, ends)
            for hit in _LIBRARY.finditer(line[0].lower())
        }


class _Project:
    def __init__(self, tree: Tree, allowance: Allowance) -> None:
        self._tree = tree
        self._allowance = allowance
        self._own = OwnFiles(tree.paths)
        self._files: dict[str, _File] = {}

    def _file(self, path: str) -> _File:
        """A file; one that is not the project's own, or cannot be read, names nothing."""
        if path not in self._files:
            data = self._tree.read([path]).get(path) if self._own.has(path) else None
            text = data.decode(errors="replace") if isinstance(data, bytes) else ""
            self._files[path] = _File(
                path, "" if self._own.is_built(path, text) else text, self._allowance
            )
        return self._files[path]

    @cached_property
    def _whole(self) -> _Named:
        """The models that the project names, and where first; none of a very large project."""
        texts: dict[str, str] = {}
        left = _MOST_CHARACTERS
        for path, text in own_sources(self._tree):
            left -= len(text)
            if left < 0:
                return {}
            texts[path] = text
        found: dict[str, Place] = {}
        every: dict[str, Place] = {}
        for path, text in texts.items():
            file = _File(path, text, self._allowance)
            for models, reach in ((found, Reach.PROJECT), (every, Reach.FUNCTION)):
                for model, place in file.named(reach=reach).items():
                    models.setdefault(model, place)
            if len(every) >= _SEVERAL:
                return every
        return found

    def near(self, item: Proposed) -> Nearby | None:
        """The one model that is named nearest to a workflow's prompt, or its provider's usual."""
        first = item.prompts[0]
        file = self._file(first.path)
        spans = [*file.functions(first.selector or "")]
        places = (
            *(file.named(*span, reach=Reach.FUNCTION) for span in spans[:1]),
            *(file.lent(*span) for span in spans[1:]),
            file.lent(),
        )
        named = next((models for models in places if models), None)
        if named is None:
            named = self._whole
        if self._allowance.is_used_up:
            return None
        if len(named) == 1:
            ((model, place),) = named.items()
            return Nearby(model=model, place=place)
        usual = _USUAL.get(next(iter(file.sold))) if len(file.sold) == 1 else None
        if usual is None:
            return None
        return Nearby(model=usual, place=Place(file=first.path), is_usual=True)


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
