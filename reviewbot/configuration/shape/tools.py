"""The shape of a workflow's tools, and how a path tells what is meant in its file."""

import re

from reviewbot import prompt_formats
from reviewbot.configuration.kinds import At, ListOf, Schema
from reviewbot.configuration.settings import PromptReference
from reviewbot.configuration.shape import scalars
from reviewbot.documents import Node

SELECTED = re.compile(
    r"(?P<path>.+?\.(?:ya?ml|json|toml|py|ipynb|[cm]?[jt]s|[jt]sx|md|mdc))#(?P<selector>.+)",
    re.IGNORECASE | re.DOTALL,
)
"""`prompts.yaml#agents.planner`, `prompts.py#SYSTEM`; other names may hold a `#`."""


def _tools(at: At, line: int, *, path: str) -> PromptReference:
    """Tools in a file of definitions, or in source code, where `#` tells which."""
    selected = SELECTED.fullmatch(path)
    file = selected["path"] if selected else path
    if prompt_formats.of_source(file) is None:
        return PromptReference(path=path, format="tool-definitions", place=at.place(line))
    selector = selected["selector"] if selected else None
    place = at.place(line)
    return PromptReference(path=file, selector=selector, format="source-tools", place=place)


class ToolsPath:
    """A file of a workflow's tools."""

    def read(self, node: Node, at: At) -> PromptReference:
        """The file, with what is selected in it."""
        return _tools(at, node.line, path=scalars.PATH.read(node, at))

    def schema(self) -> Schema:
        """A path."""
        return scalars.PATH.schema()


class Tools(ListOf[PromptReference]):
    """The files of a workflow's tools, each named once; a file as a whole holds all its names."""

    def read(self, node: Node, at: At) -> tuple[PromptReference, ...]:
        """The files in order."""
        found = super().read(node, at)
        lines: dict[str, int] = {}
        wholes = {item.path for item in found if item.selector is None}
        for item in found:
            line = item.place.line or node.line
            if item.name in lines:
                what = f"{item.name} stands here already, in line {lines[item.name]}"
                at.report(line, what, "name each of the tools once")
            elif item.selector is not None and item.path in wholes:
                what = f"{item.name} is one of the tools of {item.path}, which stands here too"
                at.report(line, what, "name the whole file, or single tools of it")
            lines.setdefault(item.name, line)
        return found
