"""Templates that differ in their texts, lines and paths only are compiled once.

Jinja2's own lexer takes a template apart. Its tokens without texts and lines (the tags, and where
text stands between them) are the key of a skeleton, whose code names texts and lines in place of
holding them. A template is then a skeleton with texts, lines, a name and a path of its own. What
cannot be had in this way is compiled by itself: what names its own lines in messages, and what is
wrong, so that each error is Jinja2's own. Runs in the rendering process only.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from types import CodeType
from typing import Any, NamedTuple, NoReturn, Protocol, cast

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator
from jinja2.lexer import Token, TokenStream
from jinja2.parser import Parser

from reviewbot.rendering.engines.jinja.quick_tokens import LocatedToken, QuickTokens
from reviewbot.rendering.engines.jinja.tracing import Piece, TemplateText
from reviewbot.rendering.marks import unmarked
from reviewbot.rendering.recorded_choices import RECORD, Choice

_MOST_TOKENS = 2_000
_MOST_CHARACTERS = 50_000
"""Of a template; larger ones are compiled by themselves."""

_MOST_SKELETONS = 64
"""The latest are kept."""

_TEXTS, _NAME = "texts_of_template", "name_of_template"
"""Variables that no code of Jinja2's has."""


_NO_LINES = (0, 1)
"""The line 1 is that of a whole template, not of a token."""


class _NumberedText(TemplateText):
    """Text of a skeleton's first template, in whose place each template has its own."""

    __slots__ = ("number",)
    number: int


class _NumberedLine(int):
    """The number of a token, in whose place each template has the line of its own."""


class Own(NamedTuple):
    """What a template has of its own: the texts between its tags, and the lines of its tokens."""

    texts: tuple[TemplateText, ...] = ()
    lines: tuple[int, ...] = _NO_LINES

    def text(self, text: str) -> str:
        """The template's text where `text` stands for one; else `text`."""
        return self.texts[text.number] if isinstance(text, _NumberedText) else text

    def line(self, line: int) -> int:
        """The template's line where `line` stands for one; else `line`."""
        return self.lines[line] if isinstance(line, _NumberedLine) else line


class Skeleton(NamedTuple):
    """What templates have in common: the tree, its code, the texts in it, the values it records."""

    tree: Any
    code: CodeType
    pieces: tuple[tuple[str, ...], ...]
    choices: tuple[Choice, ...]

    def record(self, own: Own, path: str) -> None:
        """Record the values of a template as if its code were made only now."""
        for choice in self.choices:
            line = own.line(choice.line)
            RECORD.add(path, line, choice.text, is_text=choice.is_text, is_file=choice.is_file)

    def texts(self, environment: Environment, own: Own) -> tuple[Piece, ...]:
        """What a template yields of its texts."""
        sharing = cast("Sharing", environment)
        return tuple(sharing.piece(own.text(part) for part in parts) for parts in self.pieces)

    def namespace(
        self, environment: Environment, texts: tuple[Piece, ...], name: str, path: str
    ) -> dict[str, Any]:
        """What the code of a template with these texts is run in."""
        return {"environment": environment, "__file__": path, _NAME: name, _TEXTS: texts}


class Filling(NamedTuple):
    """A skeleton, and what one template fills it with."""

    skeleton: Skeleton
    own: Own
    texts: tuple[Piece, ...]


class LocatedTemplate(Template):
    """A template that has lines of its own where its code is shared."""

    lines: tuple[int, ...] | None = None

    @property
    def debug_info(self) -> list[tuple[int, int]]:
        """The lines of the template, each with the line of the code that was made of it."""
        found = super().debug_info
        return found if self.lines is None else [(self.lines[line], code) for line, code in found]


class Sharing(Protocol):
    """What an environment does with each of its templates."""

    def prepared(self, tree: Any, name: str | None) -> Any:
        """The tree that code is made of: `tree`, perhaps changed in place."""
        ...

    def piece(self, parts: Iterable[str]) -> Piece:
        """What a template yields for parts that it prints as they are."""
        ...


class Skeletons:
    """Finds the skeletons of one environment's templates, and keeps the latest."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._tokens = QuickTokens(environment)
        self._known: OrderedDict[Any, Skeleton | None] = OrderedDict()

    def find(self, source: str) -> tuple[Skeleton, Own] | None:
        """The skeleton of a template, and what it has of its own; None where it has none."""
        if len(source) > _MOST_CHARACTERS:
            return None
        try:
            tokens = self._tokens.of(source)
        except Exception:  # noqa: BLE001 - told when the template is compiled by itself
            return None
        if len(tokens) > _MOST_TOKENS:
            return None
        lines, kinds, values = zip(*tokens, strict=True) if tokens else ((), (), ())
        common, texts = list(values), []
        for number, kind in enumerate(kinds):
            if kind == "data":
                texts.append(TemplateText(values[number]))
                common[number] = _blanks(values[number])
        key = kinds, tuple(common)
        if key not in self._known:
            self._known[key] = self._made(tokens)
            if len(self._known) > _MOST_SKELETONS:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        skeleton = self._known[key]
        if skeleton is None:
            return None
        return skeleton, Own(tuple(texts), (*_NO_LINES, *lines))

    def _made(self, tokens: Sequence[LocatedToken]) -> Skeleton | None:
        try:
            tree = cast("Sharing", self._environment).prepared(self._tree(tokens), None)
            generator = _Generator(self._environment, tree)
            code = compile(generator.source, "<template>", "exec")
        except Exception:  # noqa: BLE001 - told when the template is compiled by itself
            return None
        else:
            choices, _ = RECORD.news()
            return Skeleton(self._tree(tokens), code, tuple(generator.pieces), tuple(choices))
        finally:
            RECORD.begin()

    def _tree(self, tokens: Sequence[LocatedToken]) -> Any:
        parser = Parser(self._environment, "")
        parser.stream = TokenStream(_numbered(tokens), None, None)
        return parser.parse()


def _blanks(text: str) -> tuple[bool, bool]:
    """All that a tree is told of a text that is not just printed: whether it is blank."""
    return text.isspace(), not unmarked(text).strip()


def _numbered(tokens: Sequence[LocatedToken]) -> Iterator[Token]:
    texts = 0
    for number, (_, kind, value) in enumerate(tokens, len(_NO_LINES)):
        given: Any = value
        if kind == "data":
            given = _NumberedText(value)
            given.number = texts
            texts += 1
        yield Token(_NumberedLine(number), kind, given)


class _OwnNameError(Exception):
    """The code would hold what each template has of its own."""


class _NameOfTemplate:
    """Stands in code where the name of the template does: for the variable that holds it."""

    def __repr__(self) -> str:
        return _NAME


class _Generator(CodeGenerator):
    """Writes the code of a skeleton; `pieces` are the parts of each text in it."""

    def __init__(self, environment: Environment, tree: Any) -> None:
        name = cast("str", _NameOfTemplate())
        super().__init__(environment, name, None, optimized=environment.optimized)
        self.pieces: list[tuple[str, ...]] = []
        self.visit(tree)

    @property
    def source(self) -> str:
        """The code as text."""
        return cast("StringIO", self.stream).getvalue()

    def _output_child_to_const(self, node: Any, frame: Any, finalize: Any) -> str:
        text = super()._output_child_to_const(node, frame, finalize)
        return node.data if isinstance(node, nodes.TemplateData) else text

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        parts = tuple(group)
        if not any(isinstance(part, _NumberedText) for part in parts):
            return super()._output_const_repr(parts)
        self.pieces.append(parts)
        return f"{_TEXTS}[{len(self.pieces) - 1}]"

    def visit_TemplateData(self, node: Any, frame: Any) -> NoReturn:  # noqa: N802 - Jinja2's name
        """Text that is printed otherwise than it stands there."""
        del node, frame
        raise _OwnNameError

    def position(self, node: Any) -> NoReturn:
        """Where a node stands, for a message."""
        del node
        raise _OwnNameError
