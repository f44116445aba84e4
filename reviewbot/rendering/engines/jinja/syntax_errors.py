"""What Jinja2's errors about a template's syntax mean to its author, and the mend."""

import difflib
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reviewbot.rendering.engines.jinja.settings import delimiters
from reviewbot.rendering.engines.jinja.unended_tags import unended_tag

if TYPE_CHECKING:
    from jinja2 import Environment, TemplateSyntaxError
    from jinja2.lexer import Token

_LONGEST_LINE = 10_000
_ALIKE = 0.75
"""How alike a misspelt name has to be, as difflib has it."""

_BLOCKS = ("if", "for", "block", "macro", "call", "filter", "set", "with", "raw")
_TAGS = {
    "elseif": "elif",
    "elsif": "elif",
    "endwhile": "endfor",
    "end": "endif",
    "foreach": "for",
    "switch": "if",
    "while": "for",
}
"""Tags of other languages, and Jinja2's own."""
_EXTENSIONS = {"break": "loopcontrols", "continue": "loopcontrols", "do": "do"}
_OPERATORS = {"&": "and", "|": "or", "!": "not", "?": "a if b else c"}
"""Signs of other languages, and what Jinja2 has for them."""


def told(message: str, options: Mapping[str, Any], line: str = "") -> tuple[str, str]:
    """What is wrong and the mend, by Jinja2's message and the marks that the options choose.

    `line` is the text of the line that Jinja2 names.
    """
    message = message.rstrip(".")
    for pattern, of_found in _KINDS:
        if found := pattern.match(message):
            what, mend = of_found(found, _Marks(options, line))
            return what, mend
    return f"the template's syntax is wrong: {message}", "correct this tag"


def told_error(
    error: "TemplateSyntaxError", environment: "Environment", options: Mapping[str, Any]
) -> tuple[str, str, int | None]:
    """What is wrong with a template's syntax, the mend, and the line where it begins."""
    message, source = error.message or "", error.source or ""
    if any(pattern.match(message) for pattern in _ENDLESS):
        found = unended_tag(source, options)
        if found is not None and found.line <= error.lineno:
            return found.what, found.mend, found.line
    lines = source.split("\n", error.lineno)
    line = lines[error.lineno - 1][:_LONGEST_LINE] if 0 < error.lineno <= len(lines) else ""
    return *told(message, options, line), open_block_line(error, environment) or error.lineno


class _Marks:
    """The marks of tags in a template, and the line in which something is wrong."""

    def __init__(self, options: Mapping[str, Any], line: str) -> None:
        self.options = options
        self.line = line
        self.begins, self.ends = delimiters(options, "block")
        self.prints, self.printed = delimiters(options, "variable")
        self.comment_ends = delimiters(options, "comment")[1]

    def tag(self, name: str) -> str:
        """A statement's tag."""
        return f"`{self.begins} {name} {self.ends}`"


def _unknown_name(found: re.Match[str], marks: _Marks) -> tuple[str, str]:
    import jinja2.filters
    import jinja2.tests

    kind, name = found[1], found[2]
    known = jinja2.filters.FILTERS if kind == "filter" else jinja2.tests.TESTS
    near = difflib.get_close_matches(name, [*known, *marks.options.get(f"{kind}s", ())], 1, _ALIKE)
    meant = f"did you mean `{near[0]}`? Else " if near else ""
    value = "same" if kind == "filter" else "{value: true}"
    mend = (
        f"{meant}name a stand-in in the workflow or in `defaults`:"
        f" `templates: {{{kind}s: {{{name}: {value}}}}}`"
    )
    return f"there is no {kind} {name!r}", mend


def _unknown_tag(found: re.Match[str], marks: _Marks) -> tuple[str, str]:
    name, rest = found[1], found[2]
    open_block = re.search(r"The innermost block .* is '(\w{1,30})'", rest)
    other = _TAGS.get(name)
    if name == "end" and open_block is not None:
        other = f"end{open_block[1]}"
    if other is not None:
        return f"Jinja2 has no tag {marks.tag(name)}", f"did you mean {marks.tag(other)}?"
    wanted = re.findall(r"'(\w{1,30})'", rest)
    known = [*_BLOCKS, *(f"end{block}" for block in _BLOCKS), "include", "import", "extends"]
    is_own = name in {*known, "else", "elif", *_EXTENSIONS}
    near = [] if is_own else _near_tags(name, [*wanted, *known])
    if open_block is not None and near:
        return f"{marks.tag(name)} is no tag", f"did you mean {marks.tag(near[0])}?"
    if open_block is not None:
        end = marks.tag(f"end{open_block[1]}")
        what = f"{marks.tag(name)} stands in a block {marks.tag(f'{open_block[1]} …')} that is open"
        return what, f"close the block before: {end}"
    if name in {"else", "elif"} or name.removeprefix("end") in _BLOCKS:
        block = name.removeprefix("end") if name.startswith("end") else "if"
        what = f"{marks.tag(name)} stands here, and no block is open"
        return what, f"take it out, or open the block before it: {marks.tag(f'{block} …')}"
    if name in _EXTENSIONS or name == "trans":
        return _of_extension(name, marks)
    meant = f"did you mean {marks.tag(near[0])}? Else " if near else ""
    mend = (
        f"{meant}print what the tag makes with a variable, or with a function that has a stand-in"
    )
    return f"there is no tag {marks.tag(name)}", mend


def _of_extension(name: str, marks: _Marks) -> tuple[str, str]:
    if name in _EXTENSIONS:
        mend = f"add its extension: `templates: {{extensions: [{_EXTENSIONS[name]}]}}`"
        return f"there is no tag {marks.tag(name)}", mend
    mend = (
        f"print the text with a function, `{marks.prints} gettext('…') {marks.printed}`, and name"
        " its stand-in in the workflow or in `defaults`: `templates: {functions: {gettext: same}}`"
    )
    return f"{marks.tag(name)} is not supported", mend


def _near_tags(name: str, known: Sequence[str]) -> Sequence[str]:
    """The tag that a misspelt one is most like; letters that changed places make it one."""
    swapped = [item for item in known if sorted(item) == sorted(name)]
    return swapped[:1] or difflib.get_close_matches(name, known, 1, _ALIKE)


def _open_block(found: re.Match[str], marks: _Marks) -> tuple[str, str]:
    block, end = marks.tag(f"{found[1]} …"), marks.tag(f"end{found[1]}")
    return f"the block {block} that begins here is not closed", f"close it with {end}"


def _open_tag(found: re.Match[str], marks: _Marks) -> tuple[str, str]:
    if found[2] == "if" and re.search(r"\belse\s{1,9}if\b", marks.line):
        what = f"Jinja2 has no tag {marks.tag('else if …')}"
        return what, f"did you mean {marks.tag('elif …')}?"
    if found[2] == "=":
        return "`=` compares nothing", "write `==`"
    is_print = found[1] == "print statement"
    begins, ends = (marks.prints, marks.printed) if is_print else (marks.begins, marks.ends)
    what = f"a tag that begins with `{begins}` does not end before {found[2]!r}"
    return what, f"close it with `{ends}`, or correct what stands in it"


def _end_in_tag(found: re.Match[str], marks: _Marks) -> tuple[str, str]:
    is_print = found[1] == "print"
    begins, ends = (marks.prints, marks.printed) if is_print else (marks.begins, marks.ends)
    return f"a tag that begins with `{begins}` does not end", f"close it with `{ends}`"


def _no_value(found: re.Match[str], marks: _Marks) -> tuple[str, str]:
    ends = marks.printed if found[1] == "print" else marks.ends
    return f"a value is missing before `{ends}`", "write it, or take the tag out"


def _comment(_: re.Match[str], marks: _Marks) -> tuple[str, str]:
    return "a comment does not end", f"close it with `{marks.comment_ends}`"


def _character(found: re.Match[str], marks: _Marks) -> tuple[str, str]:
    character = found[1]
    if character in "“”„‘’«»":
        return "a curly quote stands in a tag", "write straight quotes: ' or \""
    if character == "}":
        what = "a single `}` stands where a tag should end"
        return what, f"close the tag with `{marks.printed}`"
    if character == "$" and (name := re.search(r"\$\{?([A-Za-z_]\w{0,60})", marks.line)):
        return "`$` stands before a name, which Jinja2 does not have", f"write `{name[1]}`"
    if character in _OPERATORS:
        what = f"`{character}` is no operator of Jinja2"
        return what, f"write `{_OPERATORS[character]}`"
    return f"{character!r} is not expected in a tag", "correct this tag"


def _in(found: re.Match[str], _: _Marks) -> tuple[str, str]:
    return f"a loop is written with `in`, and `{found[1]}` stands there", "write `in` instead"


def _second_bar(_: re.Match[str], marks: _Marks) -> tuple[str, str]:
    if "||" in marks.line:
        return "`||` is no operator of Jinja2", "write `or`"
    return "the name of a filter is missing behind `|`", "write it, or take the `|` out"


def open_block_line(error: "TemplateSyntaxError", environment: "Environment") -> int | None:
    """The line where a block begins that is not closed; None where the error is another one.

    Jinja2 gives the line in which the template ends.
    """
    found = _OPEN_BLOCK.match(error.message or "")
    if found is None or error.source is None:
        return None
    begun: list[int] = []
    tokens = list(environment.lexer.tokenize(error.source))
    for place, token in enumerate(tokens):
        if token.type != "name" or not place or tokens[place - 1].type != "block_begin":
            continue
        if token.value == found[1] and not _is_assignment(tokens, place):
            begun.append(token.lineno)
        elif token.value == f"end{found[1]}" and begun:
            begun.pop()
    return begun[-1] if begun else None


def _is_assignment(tokens: "Sequence[Token]", place: int) -> bool:
    """Whether the tag whose name stands at `place` is `{% set x = … %}`, which has no end."""
    if tokens[place].value != "set":
        return False
    kinds = (tokens[number].type for number in range(place, len(tokens)))
    return "assign" in itertools.takewhile(lambda kind: kind != "block_end", kinds)


_OPEN_BLOCK = re.compile(r"Unexpected end of template\. .*The innermost block .* is '(\w{1,30})'")
_KINDS = (
    (re.compile(r"No (filter|test) named '([^']{1,100})'"), _unknown_name),
    (re.compile(r"Encountered unknown tag '(\w{1,60})'(.*)"), _unknown_tag),
    (_OPEN_BLOCK, _open_block),
    (
        re.compile(r"expected token 'end of (print statement|statement block)', got '(.{1,60})'$"),
        _open_tag,
    ),
    (re.compile(r"unexpected end of template, expected 'end of (print|statement) "), _end_in_tag),
    (re.compile(r"expected token 'in', got '(\w{1,60})'"), _in),
    (re.compile(r"expected token 'name', got '\|'"), _second_bar),
    (re.compile(r"Missing end of comment tag"), _comment),
    (re.compile(r"Expected an expression, got 'end of (print|statement) "), _no_value),
    (re.compile(r"unexpected (?:char )?'(.)'"), _character),
)
"""By the beginning of a message of Jinja2's, what tells it in plain words."""
_ENDLESS = (
    *(pattern for pattern, of_found in _KINDS if of_found in {_open_tag, _end_in_tag}),
    re.compile(r"unexpected (?:char )?['\"][\"'}]['\"]"),
    re.compile(r"expected token '.{1,30}', got '.{1,60}'$"),
)
"""The messages that a tag without its end may be behind."""
