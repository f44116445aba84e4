"""Short texts whose names stand where calls take their instructions: `system: TITLE_PROMPT`."""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from reviewbot.discovery.findings import Found
from reviewbot.prompts.module_words import module_of
from reviewbot.prompts.own_sources import own_sources
from reviewbot.repository.trees import Tree

_SENT = re.compile(
    r"(?<![\w$])(?:system|instructions|systemPrompt|system_prompt|systemInstruction"
    r"|system_instruction|systemMessage|system_message)[\"']?\s{0,9}(?::|=(?![=>]))\s{0,200}"
    r"(?:await\s{1,9})?(?:[^\W\d][\w$]{0,100}\.)?([^\W\d][\w$]{0,100})"
)
"""An argument, or an entry of one, that gives a call its instructions by a name."""

_LEAST_NAME = 2


def with_sent(prompts: Sequence[Found], short: Sequence[Found], tree: Tree) -> list[Found]:
    """The prompts with those of the `short` texts that calls send as their instructions."""
    wanted: dict[str, list[Found]] = {}
    for item in short:
        name = (item.selector or "").partition(".")[0].partition("@")[0]
        if len(name) > _LEAST_NAME:
            wanted.setdefault(name, []).append(item)
    sent: dict[tuple[str, str | None], Found] = {}
    for path, text in own_sources(tree) if wanted else ():
        for item in _sent_in(path, text, wanted):
            sent.setdefault((item.path, item.selector), replace(item, role=item.role or "system"))
    known = {(item.path, item.selector) for item in prompts}
    return [*prompts, *(item for key, item in sent.items() if key not in known)]


def _sent_in(path: str, text: str, wanted: dict[str, list[Found]]) -> Iterator[Found]:
    """Those of the texts that a source file sends: its own, and those of files that it imports."""
    for call in _SENT.finditer(text):
        for item in wanted.get(call[1], ()):
            if item.path == path or module_of(item.path) in text:
                yield item
