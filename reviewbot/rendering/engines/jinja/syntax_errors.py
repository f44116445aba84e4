"""What Jinja2's errors about a template's syntax mean to its author, and the mend."""

import difflib
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reviewbot.rendering.engines.jinja.settings import delimiters

if TYPE_CHECKING:
    from jinja2 import Environment, TemplateSyntaxError
    from jinja2.lexer import Token

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
_EXTENSIONS = {"break": "loopcontrols", "continue": "loopcontrols", "do": "do", "trans": "i18n"}


def told(message: str, options: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong and the mend, by Jinja2's message and the marks that the options choose."""
    message = message.rstrip(".")
    for pattern, of_found in _KINDS:
        if found := pattern.match(message):
            what, mend = of_found(found, _Marks(options))
            return what, mend
    return f"the template's syntax is wrong: {message}", "correct this tag"


class _Marks:
    """The marks of tags in a template."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options
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
    mend = f"{meant}name a stand-in: `templates: {{{kind}s: {{{name}: …}}}}`"
    return f"there is no {kind} {name!r}", mend


def _unknown_tag(found: re.Match[str], marks: _Marks) -> tuple[str, str]:
    name, rest = found[1], found[2]
    open_block = re.search(r"The innermost block .* is '(\w{1,30})'", rest)
    other = _TAGS.get(name)
    if other is not None:
        return f"Jinja2 has no tag {marks.tag(name)}", f"did you mean {marks.tag(other)}?"
    wanted = re.findall(r"'(\w{1,30})'", rest)
    known = [*_BLOCKS, *(f"end{block}" for block in _BLOCKS), "include", "import", "extends"]
    is_own = name in {*known, "else", "elif", *_EXTENSIONS}
    near = [] if is_own else difflib.get_close_matches(name, [*wanted, *known], 1, _ALIKE)
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
    if name in _EXTENSIONS:
        mend = f"add its extension: `templates: {{extensions: [{_EXTENSIONS[name]}]}}`"
        return f"there is no tag {marks.tag(name)}", mend
    meant = f"did you mean {marks.tag(near[0])}? Else " if near else ""
    mend = f"{meant}name its extension: `templates: {{extensions: […]}}`"
    return f"there is no tag {marks.tag(name)}", mend


def _open_block(found: re.Match[str], marks: _Marks) -> tuple[str, str]:
    block, end = marks.tag(f"{found[1]} …"), marks.tag(f"end{found[1]}")
    return f"the block {block} that begins here is not closed", f"close it with {end}"


def _open_tag(found: re.Match[str], marks: _Marks) -> tuple[str, str]:
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
    return f"{character!r} is not expected in a tag", "correct this tag"


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
    (re.compile(r"Missing end of comment tag"), _comment),
    (re.compile(r"Expected an expression, got 'end of (print|statement) "), _no_value),
    (re.compile(r"unexpected (?:char )?'(.)'"), _character),
)
"""By the beginning of a message of Jinja2's, what tells it in plain words."""
