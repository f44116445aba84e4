"""Fills Handlebars templates, as the runtime of handlebars.js 4.7 does."""

from collections.abc import Mapping
from typing import Any

from reviewbot.prompt import Constant, UndefinedVariableError
from reviewbot.rendering.engines._common import javascript
from reviewbot.rendering.engines._common.javascript import UNDEFINED
from reviewbot.rendering.engines.handlebars.beginning import Beginning
from reviewbot.rendering.engines.handlebars.block_parts import Blocks
from reviewbot.rendering.engines.handlebars.calls import Body
from reviewbot.rendering.engines.handlebars.files import Files, indented
from reviewbot.rendering.engines.handlebars.helpers.built_in import BUILT_IN, OF_SAMPLES
from reviewbot.rendering.engines.handlebars.reader import read_template
from reviewbot.rendering.engines.handlebars.scope import Frame, Names, Scope
from reviewbot.rendering.engines.handlebars.settings import Settings
from reviewbot.rendering.engines.handlebars.tree import (
    Block,
    Call,
    Content,
    Expression,
    Mustache,
    Partial,
    Path,
    Program,
    Statement,
)
from reviewbot.rendering.recorded_choices import RECORD

_ESCAPED = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
    | {"'": "&#x27;", "`": "&#x60;", "=": "&#x3D;"}
)


class Template(Blocks):
    """A template, with the files of its partials."""

    def __init__(self, text: str, path: str, files: Files, settings: Settings) -> None:
        built_in = OF_SAMPLES if settings.undefined == "error" else BUILT_IN
        super().__init__(path, {**built_in, **settings.helpers})
        self._files = files
        self._settings = settings
        self._partials: Mapping[str, Body] = {}
        self._program = read_template(text, path)

    def render(self, variables: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> str:
        """The text; `data` are further values that `@name` means."""
        frame = Frame({"root": variables, **(data or {})})
        return self._whole(self._program, variables, frame)

    def beginning(self) -> tuple[str, Constant]:
        """The text that never varies, and how much that is."""
        constants = self._settings.constants
        return Beginning(self._files, constants, self._constant_text).of(self._program)

    def _constant_text(self, node: Mustache, path: str) -> str:
        """The text of a tag that depends on nothing but literals."""
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
                is_safe = not node.is_escaped or not self._settings.is_escaping
                return text if is_safe else text.translate(_ESCAPED)
            case Block(is_decorator=False):
                self._require(node.call, scope, node.call.line)
                largest = None
                if self._settings.undefined == "largest":
                    largest = self._largest(node, scope)
                value = self._block(node, scope) if largest is None else largest
                return "" if javascript.is_nothing(value) else javascript.text(value)
            case Partial():
                return self._partial(node, scope)
            case _:
                return ""

    def _require(self, expression: Expression, scope: Scope, line: int) -> None:
        """Refuse a block or a partial over a name that is given nowhere.

        Raises:
            UndefinedVariableError: There is one, and `undefined` is `error`.
        """
        if self._settings.undefined != "error":
            return
        for path in self._paths(expression, scope):
            if not self._is_given(path, scope):
                raise UndefinedVariableError(path.original, line, path=self._path)

    def _printed(self, call: Call, scope: Scope) -> Any:
        """The value of a tag, which must be there unless `undefined` is `empty`."""
        value = self._called(call, scope, None)
        if value is not UNDEFINED or self._settings.undefined != "error":
            return value
        if not call.parameters and not call.named:
            raise UndefinedVariableError(call.name.original, call.line, path=self._path)
        for item in call.parameters:
            if isinstance(item, Path) and self._path_value(item, scope, call.line) is UNDEFINED:
                raise UndefinedVariableError(item.original, call.line, path=self._path)
        return value

    def _partial(self, node: Partial, scope: Scope) -> str:
        RECORD.reach(node.number)
        for item in (*node.parameters, *node.named.values()):
            self._require(item, scope, node.line)
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
            if body is None and (block is None or self._files.has(name_text, self._path)):
                program = self._files.read(name_text, self._path, node.line)
                text = self._whole(program, context, frame)
            else:
                text = (body or frame.block or _nothing)(context, frame)
        finally:
            self._partials = partials
        return indented(text, node.indent)


def _restoring(block: Body, around: Body | None) -> Body:
    """A block that is given to a partial: within it `@partial-block` is again what was around."""

    def fill(context: Any, frame: Frame) -> str:
        return block(context, frame.with_block(around))

    return fill


def _nothing(context: Any, frame: Frame) -> str:
    del context, frame
    return ""
