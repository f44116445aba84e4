"""Marks in the templates of messages, to tell which of their static text is printed."""

import json
import re
from functools import lru_cache

from reviewbot.prompt import MessageTemplate
from reviewbot.prompts.runs import Marked, Template
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.prompts.static_text import has_branches, marked
from reviewbot.rendering.engines import follows_marks
from reviewbot.rendering.marks import unmarked

_XML_ENGINES = frozenset({"semantic-kernel"})


def marked_message(message: LocatedMessage) -> Marked:
    """The template of a message with a mark in each run of its static text."""
    return _marked(message.template, message.path, message.options)


@lru_cache(maxsize=32)
def _marked(template: MessageTemplate, path: str, options: str) -> Marked:
    return marked(
        Template(
            text=template.text,
            path=path,
            line=template.line,
            is_in_lines=template.is_in_lines,
            options=json.loads(options) if options else {},
            has_xml=template.engine in _XML_ENGINES,
        ),
        0,
    )


_WITH_EXPRESSIONS = frozenset({"jinja", "langchain", "promptfoo", "prompty", "semantic-kernel"})
"""Engines that may render by Jinja2."""

_CHOOSING_WORDS = re.compile(r"\b(?:if|and|or|d|default|set|for|range|get)\b|[*\]]")


def may_choose(message: LocatedMessage) -> bool:
    """Whether an expression of a template, or of a file it includes, may have several values."""
    if message.template.engine not in _WITH_EXPRESSIONS:
        return False
    is_alone = message.complete and not message.files.keys() - {message.path}
    return not is_alone or _CHOOSING_WORDS.search(message.template.text) is not None


def text_to_follow(message: LocatedMessage) -> str:
    """The marked template, where its engine may tell what of it is printed; else empty.

    It tells nothing of other files. What has no branches is printed whole.
    """
    template = message.template
    is_alone = message.complete and not message.files.keys() - {message.path}
    options = json.loads(message.options) if message.options else {}
    if (
        not is_alone
        or not follows_marks(template.engine or "")
        or not has_branches(template.text, options)
    ):
        return ""
    found = marked_message(message).text
    return found if unmarked(found) == template.text else ""
