"""What a template's variables must be: lists for its loops, mappings where it asks for fields.

Read from the tags alone, so a guess; rendering tells whether it holds.
"""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from reviewbot.prompts.template_tags import Tag, find_tags

_PATH = re.compile(
    r"(?P<text>\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|@\w{1,80})"
    r"|(?P<filter>\|\s{0,3})?(?P<outer>\.\./)?(?P<path>[A-Za-z_]\w{0,80}"
    r"(?:\.[A-Za-z_]\w{0,80}|\[[\"'][^\"'\n\]]{1,80}[\"']\]){0,6})(?P<call>\()?"
)
_STEP = re.compile(r"\.?([A-Za-z_]\w*)|\[[\"']([^\"'\n\]]+)[\"']\]")
_FOR = re.compile(
    r"[-+~]?\s{0,9}for\s{1,9}([A-Za-z_]\w{0,80})(?:\s{0,9},\s{0,9}([A-Za-z_]\w{0,80}))?\s{1,9}in\b"
)
_EACH = re.compile(r"#\s{0,9}each\s{1,9}([\w.]{1,200})(?:\s{1,9}as\s{0,9}\|\s{0,9}(\w{1,80}))?")
_WITH = re.compile(r"#\s{0,9}with\s{1,9}([\w.]{1,200})")
_SECTION = re.compile(r"#\s{0,9}([\w.]{1,200})\s{0,9}\}\}")
_COUNTED = re.compile(r"\s{0,9}(?:[<>]=?|[=!]=|[-+*/%])\s{0,9}\d")
_JOINED = re.compile(r"\s{0,9}\|\s{0,9}(?:join|map|select|first|last|sort|unique)\b")
_ATTRIBUTE = re.compile(r"map\s{0,9}\(\s{0,9}attribute\s{0,9}=\s{0,9}[\"'](\w{1,80})[\"']")
_WORDS = {
    *("and", "or", "not", "in", "is", "if", "elif", "else", "for", "set", "as", "this", "super"),
    *("true", "false", "none", "True", "False", "None", "defined", "undefined", "loop", "range"),
    *("namespace", "dict", "recursive", "with", "without", "context", "self", "each", "unless"),
    *("lookup", "macro", "call", "do", "filter", "raw", "block", "include", "import", "from"),
}
"""Words of the template languages, which are no variables."""

_FIELD = re.compile(r"\{([A-Za-z_]\w{0,80}(?:\.[A-Za-z_]\w{0,80}){1,6})")
_FORMATTED = re.compile(
    r"(?<!\{)\{([A-Za-z_]\w{0,80}(?:\.[A-Za-z_]\w{0,80}){0,6}):([^{}\n]{1,80})\}"
)
_OF_NUMBERS = re.compile(r"[,_]|[bcdoxXeEfFgGn%]\Z")
_MOST_TAGS = 5_000


class Shape(Struct, kw_only=True):
    """What a variable must be: a list of `item`, a mapping with `fields`, number, date or text."""

    fields: dict[str, "Shape"] = field(default_factory=dict)
    item: "Shape | None" = None
    is_number: bool = False
    is_date: bool = False

    def at(self, steps: Iterable[str]) -> "Shape":
        """The shape of a field, however deep."""
        found = self
        for step in steps:
            found = found.fields.setdefault(step, Shape())
        return found

    def of_items(self) -> "Shape":
        """The shape of what a loop over it gets."""
        if self.item is None:
            self.item = Shape()
        return self.item


def shapes(texts: Iterable[str]) -> dict[str, Shape]:
    """The shapes of the variables of templates that are filled together, by their names."""
    root = Shape()
    for text in texts:
        reader = _Reader(text, root)
        for tag, _ in zip(find_tags(text, {}), range(_MOST_TAGS), strict=False):
            reader.read(tag)
    return root.fields


def field_shapes(texts: Iterable[str]) -> dict[str, Shape]:
    """The shapes of the variables of format strings, by their names."""
    root = Shape()
    for text in texts:
        for found in _FIELD.finditer(text):
            root.at(found[1].split("."))
        for found in _FORMATTED.finditer(text):
            shape = root.at(found[1].split("."))
            shape.is_date = bool(re.search("%[A-Za-z]", found[2]))
            shape.is_number = not shape.is_date and _OF_NUMBERS.search(found[2]) is not None
    return root.fields


class _Reader:
    """Reads the tags of one template in order; `_scopes` are the blocks that are open."""

    def __init__(self, text: str, root: Shape) -> None:
        self._text = text
        self._scopes: list[dict[str, Shape]] = [{"": root}]

    def read(self, tag: Tag) -> None:
        inner = self._text[tag.inner : tag.end]
        said = inner.lstrip("-+~ \t\n")
        if tag.kind == "block":
            self._block(inner, said)
        elif tag.kind == "variable" and said[:1] in "#^":
            self._section(said)
        elif tag.kind == "variable" and said[:1] == "/":
            self._close()
        elif tag.kind == "variable" and said[:1] not in "!>=*":
            self._expression(inner)

    def _block(self, inner: str, said: str) -> None:
        if said.startswith("endfor"):
            self._close()
        elif loop := _FOR.match(inner):
            names = [name for name in loop.groups() if name]
            shape = self._looped(inner[loop.end() :], is_pair=len(names) > 1)
            self._scopes.append({names[-1]: shape, **dict.fromkeys(names[:-1], Shape())})
        elif said.startswith("set "):
            name = said[4:].lstrip().partition("=")[0].strip()
            self._expression(said.partition("=")[2])
            self._scopes[-1][name] = Shape()
        elif said.startswith(("if ", "elif ")):
            self._expression(said)

    def _looped(self, over: str, *, is_pair: bool) -> Shape:
        """The shape of each item that a loop over an expression gets."""
        found = next(self._paths(over), None)
        if found is None:
            return Shape()
        steps, match = found
        if match["call"] is not None and steps == ["range"]:
            self._expression(over)
            return Shape(is_number=True)
        if match["call"] is not None:
            *steps, method = steps
            if steps and method in {"items", "values"}:
                return self._found(steps).at([_ANY_KEY])
        shape = self._found(steps)
        return Shape() if is_pair else shape.of_items()

    def _section(self, said: str) -> None:
        if each := _EACH.match(said):
            item = self._found(each[1].split(".")).of_items()
            self._scopes.append({"": item, **({each[2]: item} if each[2] else {})})
        elif with_ := _WITH.match(said):
            self._scopes.append({"": self._found(with_[1].split("."))})
        elif (section := _SECTION.match(said)) and said[0] == "#":
            name = section[1].rpartition(".")[2]
            shape = self._found(section[1].split("."))
            is_list = name.lower().endswith("s") and name not in _WORDS
            self._scopes.append({"": shape.of_items() if is_list else shape})
        else:
            self._expression(said[1:])
            self._scopes.append({})

    def _close(self) -> None:
        if len(self._scopes) > 1:
            self._scopes.pop()

    def _expression(self, inner: str) -> None:
        """Note each variable of an expression, and what is done with it."""
        for steps, match in self._paths(inner):
            if match["call"] is not None:
                counted = next(self._paths(inner[match.end() :]), None)
                if steps == ["range"] and counted is not None:
                    self._found(counted[0]).is_number = True
                if not (steps := steps[:-1]):
                    continue
            shape = self._scopes[0][""].at(steps) if match["outer"] else self._found(steps)
            end = match.end("path")
            if _JOINED.match(inner, end):
                attribute = _ATTRIBUTE.search(inner, end)
                shape.of_items().at([attribute[1]] if attribute else [])
            shape.is_number |= _COUNTED.match(inner, end) is not None

    def _paths(self, inner: str) -> Iterator[tuple[list[str], re.Match[str]]]:
        """The names in an expression that are variables, in steps."""
        for match in _PATH.finditer(inner):
            if match["path"] is None or match["filter"] is not None:
                continue
            steps = [one or other for one, other in _STEP.findall(match["path"])]
            if steps[0] == "this" and len(steps) > 1:
                yield steps[1:], match
            elif steps[0] not in _WORDS or (steps == ["range"] and match["call"] is not None):
                yield steps, match

    def _found(self, steps: Iterable[str]) -> Shape:
        """The shape of a path, from the innermost block that names its first step."""
        first, *others = steps
        for scope in reversed(self._scopes):
            if first in scope:
                return scope[first].at(others)
        around = next(scope[""] for scope in reversed(self._scopes) if "" in scope)
        return around.at([first, *others])


_ANY_KEY = "key"
"""Stands for the keys of a mapping over whose items a template loops."""
