"""What names and calls in the tags of a Handlebars template give."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from reviewbot.prompt import TemplateError
from reviewbot.rendering.engines._common import javascript
from reviewbot.rendering.engines._common.javascript import UNDEFINED
from reviewbot.rendering.engines.handlebars.helpers import Given, Helper
from reviewbot.rendering.engines.handlebars.scope import OF_LANGUAGE, Frame, Scope, gives
from reviewbot.rendering.engines.handlebars.tree import (
    Block,
    Call,
    Expression,
    Literal,
    Path,
    Program,
)

Body = Callable[..., str]
"""A block to be filled with a context and a frame: a partial of its own."""


class Calls:
    """Looks names up and calls helpers, at places of the file at `path`; `_body` fills blocks."""

    def __init__(self, path: str, helpers: Mapping[str, Helper]) -> None:
        self._path = path
        self._helpers = helpers

    def _body(self, program: Program | None, scope: Scope) -> Body:
        raise NotImplementedError

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

    def _value(self, expression: Expression, scope: Scope, line: int) -> Any:
        match expression:
            case Literal():
                return expression.value
            case Call():
                return self._called(expression, scope, None, inner=True)
            case Path():
                return self._path_value(expression, scope, line)

    def _paths(self, expression: Expression, scope: Scope) -> Iterator[Path]:
        """The variables that an expression is computed from; of a call without a helper none."""
        match expression:
            case Path():
                yield expression
            case Call():
                given = (*expression.parameters, *expression.named.values())
                helper, is_plain = self._helper(expression, scope)
                if helper is None and not is_plain and not given:
                    yield _as_path(expression.name)
                if helper is not None:
                    for item in given:
                        yield from self._paths(item, scope)

    def _is_given(self, path: Path, scope: Scope) -> bool:
        """Whether the first step of a name is given, whatever its value is."""
        if not path.parts:
            return True
        first, *later = path.parts
        if not path.depth and not path.own and scope.bound(first) is not None:
            return True
        if not path.is_data:
            return gives(scope.above(path.depth), first)
        if first == "root" and later:
            return gives(scope.frame.values["root"], later[0])
        return first in OF_LANGUAGE or first in scope.frame.values

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
        raise TemplateError(what, "correct its name", line=line, path=self._path)


def _as_path(name: Path | Literal) -> Path:
    if isinstance(name, Path):
        return name
    parts = (name.original,)
    return Path(original=name.original, parts=parts, depth=0, is_data=False, own=False)
