"""Prompty files: YAML front matter, and a template below it whose text holds several messages.

Two versions of the format are in use; what the front matter holds tells them apart.
"""

from collections.abc import Mapping

from reviewbot.documents import Node, Scalar
from reviewbot.prompt import PromptFile, PromptText
from reviewbot.prompt_formats._common import front_matter as _front_matter
from reviewbot.prompt_formats._common.problems import refuse_role
from reviewbot.prompt_formats.prompty.both_versions import refusal
from reviewbot.prompt_formats.prompty.references import entries
from reviewbot.prompt_formats.prompty.version_1 import First
from reviewbot.prompt_formats.prompty.version_2 import Second

NAME = "prompty"
TITLE = "Prompty files, versions 1 and 2"
RECOGNIZED = ("*.prompty",)
AMBIGUOUS = False

_SENT_BY_FIRST = {"api", "configuration", "parameters", "response"}


def read(file: PromptText) -> PromptFile:
    """The template with its model, output cap, tools, answer schema and sample."""
    refuse_role(file)
    path = file.path
    matter = _front_matter.split(file.text, path=path)
    if matter.settings is None:
        raise refusal("there is no front matter", path, 1, "write it between two lines of `---`")
    head = file.text[: len(file.text) - len(matter.body)].splitlines()
    for number, line in enumerate(head[1:-1], 2):
        if "---" in line or "+++" in line:
            what = "Prompty ends the front matter here, at the first `---` or `+++`"
            raise refusal(what, path, number, "take it out, or write it otherwise")
    body = matter.body.lstrip()
    if not body:
        raise refusal("there is no template below the front matter", path, matter.body_line)
    lead = matter.body[: len(matter.body) - len(body)]
    settings = entries(matter.settings)
    reader = First if _is_first(settings) else Second
    return reader(file, settings).content(body, matter.body_line + lead.count("\n"))


def _is_first(settings: Mapping[str, Node]) -> bool:
    """Whether the front matter is of version 1; without a sign of it, it is of version 2."""
    template = settings.get("template")
    inputs = entries(settings.get("inputs")).values()
    return (
        bool(_SENT_BY_FIRST & entries(settings.get("model")).keys())
        or not {"sample", "base", "authors", "tags", "version"}.isdisjoint(settings)
        or isinstance(template, Scalar)
        or "type" in entries(template)
        or any("type" in entries(item) for item in inputs)
    )
