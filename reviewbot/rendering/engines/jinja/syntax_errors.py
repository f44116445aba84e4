"""What Jinja2's errors about a template's syntax mean to its author, and the mend."""

import difflib
import re
from collections.abc import Mapping
from typing import Any

from reviewbot.rendering.engines.jinja.settings import delimiters

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
    known = [*_BLOCKS, *(f"end{block}" for block in _BLOCKS), "include", "import", "extends"]
    near = difflib.get_close_matches(name, known, 1, _ALIKE)
    meant = f"did you mean {marks.tag(near[0])}? Else " if near else ""
    mend = f"{meant}name its extension: `templates: {{extensions: […]}}`"
    return f"there is no tag {marks.tag(name)}", mend


def _open_block(found: re.Match[str], marks: _Marks) -> tuple[str, str]:
    end = marks.tag(f"end{found[1]}")
    return f"the block {marks.tag(f'{found[1]} …')} is not closed", f"close it with {end}"


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


_KINDS = (
    (re.compile(r"No (filter|test) named '([^']{1,100})'"), _unknown_name),
    (re.compile(r"Encountered unknown tag '(\w{1,60})'(.*)"), _unknown_tag),
    (
        re.compile(r"Unexpected end of template\. .*The innermost block .* is '(\w{1,30})'"),
        _open_block,
    ),
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
