"""Fills Handlebars templates, as the runtime of handlebars.js 4.7 does."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from reviewbot.engines import Load, Undefined
from reviewbot.engines import _handlebars_values as javascript
from reviewbot.engines._handlebars_helpers import BUILT_IN, Given, Helper
from reviewbot.engines._handlebars_reader import read_template
from reviewbot.engines._handlebars_scope import Frame, Names, Scope
from reviewbot.engines._handlebars_tree import (
    Block,
    Call,
    Content,
    Expression,
    Literal,
    Mustache,
    Partial,
    Path,
    Program,
    Statement,
)
from reviewbot.engines._handlebars_values import UNDEFINED
from reviewbot.prompts import Constant, TemplateError, UndefinedVariableError

Body = Callable[..., str]
"""A block to be filled with a context: a partial of its own."""

_ESCAPED = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
    | {"'": "&#x27;", "`": "&#x60;", "=": "&#x3D;"}
)
_DEEPEST = 20
"""Partials are followed this deep to find what is constant; real templates stay far below."""


class Template:
    """A template and what it needs: its partials' files, helpers, values below its variables.

    `constants` are the names of helpers whose text depends on nothing but their parameters.
    """

    def __init__(
        self,
        text: str,
        path: str,
        *,
        load: Load,
        file_names: Callable[[str], Sequence[str]],
        undefined: Undefined,
        is_escaping: bool,
        helpers: Mapping[str, Helper],
        constants: frozenset[str] = frozenset(),
    ) -> None:
        self._load = load
        self._file_names = file_names
        self._undefined = undefined
        self._is_escaping = is_escaping
        self._helpers = {**BUILT_IN, **helpers}
        self._constants = constants
        self._read: dict[str, Program] = {}
        self._partials: Mapping[str, Body] = {}
        self._path = path
        self._program = read_template(text, path)

    def render(self, variables: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> str:
        """The text; `data` are further values that `@name` means."""
        frame = Frame({"root": variables, **(data or {})})
        return self._whole(self._program, variables, frame)

    def constant(self) -> Constant:
        """How much of the text never varies: what stands before any tag that prints a value."""
        return self.beginning()[1]

    def beginning(self) -> tuple[str, Constant]:
        """The text that never varies, and how much that is."""
        parts: list[str] = []
        path, line = self._constant(self._program, parts, 0) or (None, None)
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
                    other = self._file(name.original, program.path, node.line)
                    end = self._constant(other, within, depth + 1)
                    parts.append(_indented("".join(within), node.indent))
                    if end is not None:
                        return end
                case Mustache() if self._is_constant(node.call):
                    parts.append(self._constant_text(node, program.path))
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

    def _constant_text(self, node: Mustache, path: str) -> str:
        self._path = path
        return self._statement(node, Scope({}, ({}, None), Frame({}), None))

    def _whole(self, program: Program, context: Any, frame: Frame) -> str:
        """The text of a file; what is inline in it has nothing around itself."""
        scope = Scope(context, (context, None), frame, None)
        return self._run(program, scope, Scope(context, None, frame, None))

    def _run(self, program: Program, scope: Scope, outside: Scope) -> str:
        """The text of a program; its inline partials are there from its beginning."""
        partials, path = self._partials, self._path
        self._path = program.path
        inline = self._inline(program, outside)
        if inline:
            self._partials = {**partials, **inline}
        try:
            return "".join([self._statement(node, scope) for node in program.body])
        finally:
            self._partials, self._path = partials, path

    def _inline(self, program: Program, scope: Scope) -> dict[str, Body]:
        found: dict[str, Body] = {}
        for node in program.body:
            if isinstance(node, Block) and node.is_decorator:
                if node.call.name.original != "inline" or not node.call.parameters:
                    self._wrong("there is no such decorator", node.call.line)
                name = self._value(node.call.parameters[0], scope, node.call.line)
                assert node.program is not None
                found[javascript.text(name)] = self._body(node.program, scope)
        return found

    def _body(self, program: Program | None, scope: Scope) -> Body:
        """What fills a program, where `scope` is the one around it."""

        def fill(context: Any, frame: Frame, values: tuple[Any, ...] | None = None) -> str:
            if program is None:
                return ""
            names = Names(program.names, values, scope.names)
            inner = Scope(context, scope.around(context), frame, names)
            return self._run(program, inner, scope)

        return fill

    def _statement(self, node: Statement, scope: Scope) -> str:
        match node:
            case Content():
                return node.value
            case Mustache():
                value = self._printed(node.call, scope)
                text = "" if javascript.is_nothing(value) else javascript.text(value)
                is_safe = not node.is_escaped or not self._is_escaping
                return text if is_safe else text.translate(_ESCAPED)
            case Block(is_decorator=False):
                value = self._block(node, scope)
                return "" if javascript.is_nothing(value) else javascript.text(value)
            case Partial():
                return self._partial(node, scope)
            case _:
                return ""

    def _printed(self, call: Call, scope: Scope) -> Any:
        """The value of a tag, which must be there unless `undefined` is `empty`."""
        value = self._called(call, scope, None)
        if value is not UNDEFINED or self._undefined == "empty":
            return value
        if not call.parameters and not call.named:
            raise UndefinedVariableError(call.name.original, call.line, path=self._path)
        for item in call.parameters:
            if isinstance(item, Path) and self._path_value(item, scope, call.line) is UNDEFINED:
                raise UndefinedVariableError(item.original, call.line, path=self._path)
        return value

    def _called(self, call: Call, scope: Scope, block: Block | None, *, inner: bool = False) -> Any:
        """The value of a tag or `(…)`: a helper's, else the variable's."""
        helper, is_plain = self._helper(call, scope)
        if helper is not None:
            return self._helped(helper, call, scope, block)
        if not is_plain and (inner or call.parameters or call.named):
            self._missing_helper(call)
        return self._path_value(_as_path(call.name), scope, call.line)

    def _helper(self, call: Call, scope: Scope) -> tuple[Helper | None, bool]:
        """The helper that a tag names; and whether it names a variable whatever it is given."""
        name = call.name
        if isinstance(name, Path) and (len(name.parts) != 1 or name.own or name.depth):
            return None, False
        first = name.original if isinstance(name, Literal) else name.parts[0]
        if scope.bound(first) is not None:
            return None, True
        is_data = isinstance(name, Path) and name.is_data
        return None if is_data else self._helpers.get(first), False

    def _helped(self, helper: Helper, call: Call, scope: Scope, block: Block | None) -> Any:
        line = call.line
        fill = None if block is None else self._body(block.program, scope)
        otherwise = None if block is None else self._body(block.inverse, scope)
        given = Given(
            name=call.name.original,
            values=tuple(self._value(item, scope, line) for item in call.parameters),
            named={key: self._value(item, scope, line) for key, item in call.named.items()},
            context=scope.seen(),
            frame=scope.frame,
            fill=fill,
            otherwise=otherwise,
        )
        try:
            return helper(given)
        except TemplateError as error:
            if error.line is None:
                raise TemplateError(error.what, error.mend, line=line, path=self._path) from error
            raise

    def _block(self, node: Block, scope: Scope) -> Any:
        call = node.call
        value = self._called(call, scope, node)
        if self._helper(call, scope)[0] is not None:
            return value
        fill, otherwise = self._body(node.program, scope), self._body(node.inverse, scope)
        if value is True:
            return fill(scope.context, scope.frame)
        if value is False or javascript.is_nothing(value) or value == []:
            return otherwise(scope.context, scope.frame)
        if isinstance(value, list):
            each = Given(
                name="each",
                values=(value,),
                named={},
                context=scope.seen(),
                frame=scope.frame,
                fill=fill,
                otherwise=otherwise,
            )
            return BUILT_IN["each"](each)
        return fill(value, scope.frame, ())

    def _partial(self, node: Partial, scope: Scope) -> str:
        name = node.name
        if isinstance(name, Call):
            name_text = javascript.text(self._called(name, scope, None, inner=True))
        else:
            name_text = name.original
        context = scope.context
        if node.parameters:
            context = self._value(node.parameters[0], scope, node.line)
        if node.named:
            own = javascript.properties(context)
            given = {key: self._value(item, scope, node.line) for key, item in node.named.items()}
            context = {**own, **given}
        frame, partials, block = scope.frame, self._partials, None
        body = frame.block if name_text == "@partial-block" else partials.get(name_text)
        if node.program is not None:
            block = self._body(node.program, scope)
            frame = scope.frame.with_block(_restoring(block, scope.frame.block))
            self._partials = {**partials, **self._inline(node.program, scope)}
        try:
            if body is None and (block is None or self._has_file(name_text)):
                program = self._file(name_text, self._path, node.line)
                text = self._whole(program, context, frame)
            else:
                text = (body or frame.block or _nothing)(context, frame)
        finally:
            self._partials = partials
        return _indented(text, node.indent)

    def _has_file(self, name: str) -> bool:
        return any(self._load(file, self._path) for file in self._file_names(name))

    def _file(self, name: str, parent: str, line: int) -> Program:
        """The template in the file of a partial."""
        for file in self._file_names(name):
            found = self._load(file, parent)
            if found is not None:
                path, text = found
                if path not in self._read:
                    self._read[path] = read_template(text, path)
                return self._read[path]
        first = next(iter(self._file_names(name)), name)
        mend = f"add {first}; it is looked for from the including file upwards"
        raise TemplateError(f"the partial {name!r} was not found", mend, line=line, path=parent)

    def _value(self, expression: Expression, scope: Scope, line: int) -> Any:
        match expression:
            case Literal():
                return expression.value
            case Call():
                return self._called(expression, scope, None, inner=True)
            case Path():
                return self._path_value(expression, scope, line)

    def _path_value(self, path: Path, scope: Scope, line: int) -> Any:
        parts = path.parts
        value: Any
        bound = scope.bound(parts[0]) if parts and not path.depth and not path.own else None
        if bound is not None:
            names, index = bound
            if names.values is None:
                self._wrong(f"{parts[0]!r} is given by no block around it", line)
            value = names.values[index] if index < len(names.values) else UNDEFINED
            parts = parts[1:]
        elif path.is_data:
            frame: Frame | None = scope.frame
            for _ in range(path.depth):
                frame = frame.parent if frame is not None else None
            value = UNDEFINED if frame is None else frame.values
        else:
            value = scope.above(path.depth)
        for part in parts:
            value = javascript.has(value, part)
        return value

    def _missing_helper(self, call: Call) -> NoReturn:
        name = call.name.original
        mend = f"correct its name, or name a stand-in: `templates: {{functions: {{{name}: …}}}}`"
        what = f"there is no helper {name!r}"
        raise TemplateError(what, mend, line=call.line, path=self._path)

    def _wrong(self, what: str, line: int) -> NoReturn:
        raise TemplateError(what, "correct it", line=line, path=self._path)


def _as_path(name: Path | Literal) -> Path:
    if isinstance(name, Path):
        return name
    parts = (name.original,)
    return Path(original=name.original, parts=parts, depth=0, is_data=False, own=False)


def _line(node: Mustache | Partial) -> int:
    return node.call.line if isinstance(node, Mustache) else node.line


def _restoring(block: Body, around: Body | None) -> Body:
    """A block that is given to a partial: within it `@partial-block` is again what was around."""

    def fill(context: Any, frame: Frame) -> str:
        return block(context, frame.with_block(around))

    return fill


def _nothing(context: Any, frame: Frame) -> str:
    del context, frame
    return ""


def _indented(text: str, indent: str) -> str:
    """Each line behind `indent`; nothing behind the last line break."""
    if not indent:
        return text
    lines = text.split("\n")
    last = len(lines) - 1
    return "\n".join(
        line if place == last and not line else indent + line for place, line in enumerate(lines)
    )
