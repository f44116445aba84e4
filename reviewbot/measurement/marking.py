"""Marks in the templates of messages and in the files they include, to tell what is printed."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct

from reviewbot.errors import MeasurementError
from reviewbot.prompt import MessageTemplate
from reviewbot.prompts.marked_runs import Marked, Run, Template
from reviewbot.prompts.said_text import beside
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.prompts.static_text import has_branches, marked
from reviewbot.rendering.engines import follows_marks
from reviewbot.rendering.marks import unmarked
from reviewbot.scope.affected import Side

_FILES_KEPT = 64
"""Of those that templates include, with marks: many templates include the same."""

_MOST_CHARACTERS_KEPT = 50_000
"""Of such a file; longer ones are marked anew each time."""

_XML_ENGINES = frozenset({"semantic-kernel"})


class MarkedTexts(Struct, frozen=True, kw_only=True):
    """A template and the files beside it, by path, with a mark in each run of their static text.

    `runs` are those of the template, then those of each file; a mark is the number of its run.
    """

    text: str
    files: Mapping[str, str]
    runs: tuple[Run, ...]


def marked_texts(
    message: LocatedMessage, texts: Mapping[str, str], lists: frozenset[str] = frozenset()
) -> MarkedTexts:
    """The template of a message with marks, and the `texts` of the files beside it.

    `lists` are variables that samples give as lists.
    """
    own = _marked(message.template, message.path, message.options, lists)
    runs = [*own.runs]
    files: dict[str, str] = {}
    for path, text in texts.items():
        mark = _marked_file if len(text) > _MOST_CHARACTERS_KEPT else _kept_file
        found = mark(text, path, message.options, lists, len(runs))
        files[path] = found.text
        runs += found.runs
    return MarkedTexts(text=own.text, files=files, runs=tuple(runs))


def texts_beside(side: Side, message: LocatedMessage, others: Iterable[str] = ()) -> dict[str, str]:
    """The texts of the files that a message's template includes, and of others that it may."""
    found = {}
    for path in (*beside(message), *others):
        try:
            found[path] = side.reader.text(path)
        except MeasurementError:
            continue
    return found


@lru_cache(maxsize=32)
def _marked(template: MessageTemplate, path: str, options: str, lists: frozenset[str]) -> Marked:
    return marked(
        Template(
            text=template.text,
            path=path,
            line=template.line,
            is_in_lines=template.is_in_lines,
            options=json.loads(options) if options else {},
            has_xml=template.engine in _XML_ENGINES,
            lists=lists,
        ),
        0,
    )


def _marked_file(
    text: str, path: str, options: str, lists: frozenset[str], first_mark: int
) -> Marked:
    return marked(
        Template(
            text=text,
            path=path,
            line=1,
            is_in_lines=True,
            options=json.loads(options) if options else {},
            is_included=True,
            lists=lists,
        ),
        first_mark,
    )


_kept_file = lru_cache(maxsize=_FILES_KEPT)(_marked_file)


_WITH_EXPRESSIONS = frozenset({"jinja", "langchain", "promptfoo", "prompty", "semantic-kernel"})
"""Engines that may render by Jinja2."""

_WITH_PARTIALS = frozenset(
    {"dotprompt", "handlebars", "langchain", "mustache", "prompty", "semantic-kernel"}
)
_PARTIAL = re.compile(r"\{\{[~#]{0,2}\s{0,9}>")

_CHOOSING_WORDS = re.compile(r"\b(?:if|and|or|d|default|set|for|range|get)\b|[*\]]")


def may_choose(message: LocatedMessage) -> bool:
    """Whether an expression of a template, or of a file it includes, may have several values.

    So may a tag that prints another file, which may be left out.
    """
    engine, text = message.template.engine, message.template.text
    if engine in _WITH_PARTIALS and _PARTIAL.search(text):
        return True
    if engine not in _WITH_EXPRESSIONS:
        return False
    is_alone = message.complete and not message.files.keys() - {message.path}
    return not is_alone or _CHOOSING_WORDS.search(text) is not None


def texts_to_follow(side: Side, message: LocatedMessage) -> MarkedTexts | None:
    """The marked template and its files, where its engine may tell what of them is printed.

    None too where nothing has a branch: that is printed whole.
    """
    template = message.template
    if not message.complete or not follows_marks(template.engine or ""):
        return None
    options = json.loads(message.options) if message.options else {}
    texts = texts_beside(side, message)
    if not has_branches(template.text, options, template.engine) and not any(
        has_branches(text, options) for text in texts.values()
    ):
        return None
    found = marked_texts(message, texts)
    is_same = unmarked(found.text) == template.text and all(
        unmarked(found.files[path]) == text for path, text in texts.items()
    )
    return found if is_same else None
