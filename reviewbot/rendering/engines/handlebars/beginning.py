"""What a Handlebars template prints before the first thing that can vary."""

from collections.abc import Callable

from reviewbot.prompt import Constant
from reviewbot.rendering.engines.handlebars.files import Files, indented
from reviewbot.rendering.engines.handlebars.tree import (
    Block,
    Call,
    Content,
    Literal,
    Mustache,
    Partial,
    Path,
    Program,
)

_DEEPEST = 20
"""Partials are followed this deep to find what is constant; real templates stay far below."""


class Beginning:
    """Follows partials in `files`; `text_of` prints a tag of one of the `constants`."""

    def __init__(
        self,
        files: Files,
        constants: frozenset[str],
        text_of: Callable[[Mustache, str], str],
    ) -> None:
        self._files = files
        self._constants = constants
        self._text_of = text_of

    def of(self, program: Program) -> tuple[str, Constant]:
        """The text that never varies, and how much that is."""
        parts: list[str] = []
        path, line = self._constant(program, parts, 0) or (None, None)
        text = "".join(parts)
        return text, Constant(characters=len(text), path=path, line=line)

    def _constant(self, program: Program, parts: list[str], depth: int) -> tuple[str, int] | None:
        inline = any(isinstance(node, Block) and node.is_decorator for node in program.body)
        for node in program.body:
            match node:
                case Content():
                    parts.append(node.value)
                case Partial(name=Path() | Literal() as name, program=None) if (
                    not inline and depth < _DEEPEST and name.original != "@partial-block"
                ):
                    within: list[str] = []
                    other = self._files.read(name.original, program.path, node.line)
                    end = self._constant(other, within, depth + 1)
                    parts.append(indented("".join(within), node.indent))
                    if end is not None:
                        return end
                case Mustache() if self._is_constant(node.call):
                    parts.append(self._text_of(node, program.path))
                case Mustache() | Partial():
                    return program.path, _line(node)
                case Block(is_decorator=False):
                    return program.path, node.call.line
        return None

    def _is_constant(self, call: Call) -> bool:
        given = (*call.parameters, *call.named.values())
        return call.name.original in self._constants and all(
            isinstance(item, Literal) for item in given
        )


def _line(node: Mustache | Partial) -> int:
    return node.call.line if isinstance(node, Mustache) else node.line
