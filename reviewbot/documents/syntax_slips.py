"""What an editor's slip of the hand leads to in YAML and JSON: its line, what it is, the mend."""

import re

Slip = tuple[int, str, str]
"""The line, counted from 1, what is wrong there, and the mend."""

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |\r?$)", re.MULTILINE)
_MARKS = ("<", "=", ">")

CONFLICT = (
    "a merge conflict is not resolved",
    "keep one side, and take out the lines that begin with <<<<<<<, ======= and >>>>>>>",
)


def conflict_line(text: str) -> int | None:
    """The line of the first of git's three marks of a conflict; None where not all stand there."""
    found = list(_CONFLICT.finditer(text))
    kinds = "".join(item[0][0] for item in found)
    if not all(mark in kinds for mark in _MARKS):
        return None
    return text.count("\n", 0, found[0].start()) + 1


def slip_in_yaml(text: str, line: int, begun: int, problem: str) -> Slip | None:
    """The slip behind a `problem` of libyaml's in `line`, in what begins in the line `begun`."""
    if (conflict := conflict_line(text)) is not None:
        return conflict, *CONFLICT
    lines = text.split("\n")
    for number in dict.fromkeys((line, begun, line - 1)):
        here = lines[number - 1][:_LONGEST] if 0 < number <= len(lines) else ""
        for is_so, what, mend in _SLIPS.get(problem, ()) if number else ():
            if found := is_so.search(here):
                return number, found.expand(what), found.expand(mend)
    if _TAB.match(lines[line - 1] if line <= len(lines) else ""):
        return line, "a tab indents this line", "use blanks instead of tabs"
    return None


_LONGEST = 500
_TAB = re.compile(r"[ -]*\t")
_NO_BLANK = (
    (
        re.compile("\u00a0"),
        "a no-break space stands in this line",
        "write an ordinary blank in its place",
    ),
    (
        re.compile(r"^ *(?:- )?([\w-]{1,60}):(?=[^\s:/])"),
        r"no blank stands behind `\1:`",
        r"write `\1: …`",
    ),
    (re.compile(r"^ *-(?=[\w\"'])"), "no blank stands behind `-`", "write `- …`"),
)
_NO_COLON = (
    re.compile(r"^ *([A-Za-z][\w-]{0,60}) *\r?$"),
    "a colon is missing",
    r"write `\1:`",
)
_NO_COLON_WITHIN = (
    re.compile(r"^ *([A-Za-z][\w-]{0,60}) +[^\s:#\"'][^:#\"']{0,100}$"),
    "a colon is missing",
    r"write `\1: …`",
)
_SLIPS = {
    "could not find expected ':'": (*_NO_BLANK, _NO_COLON, _NO_COLON_WITHIN),
    "mapping values are not allowed in this context": (*_NO_BLANK, _NO_COLON),
    "did not find expected '-' indicator": _NO_BLANK,
    "found character that cannot start any token": (
        (
            re.compile(r"[:,\[-] \[?([@`][^,\]\s]{0,60})"),
            "text that begins with @ or ` needs quotes",
            r"write '\1'",
        ),
    ),
    "found unexpected end of stream": (
        (
            re.compile(r"^[^'\"]*([\"'])"),
            r"the quote that begins in this line does not end",
            r"close it with \1",
        ),
    ),
}
"""By libyaml's own words what to look for in a line, what it is called, and the mend."""
