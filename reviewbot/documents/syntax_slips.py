"""What an editor's slip of the hand leads to in YAML and JSON: its line, what it is, the mend."""

import re

from reviewbot.documents.conflict_marks import CONFLICT, conflict_line
from reviewbot.documents.indentation_slips import below_empty, indentation_slip
from reviewbot.documents.unclosed import bracket_slip, escape_slip, quote_slip
from reviewbot.documents.yaml_faults import Fault, Slip, indentation


def slip_in_yaml(fault: Fault) -> Slip | None:
    """The slip of the hand behind a refusal of libyaml's; None where it cannot be told."""
    if (conflict := conflict_line(fault.text)) is not None:
        return conflict, *CONFLICT
    if slip := escape_slip(fault) or quote_slip(fault) or _expression(fault):
        return slip
    for number in dict.fromkeys((fault.line, fault.begun, fault.line - 1)):
        for is_so, what, mend in _SLIPS.get(fault.problem, ()) if number else ():
            if found := is_so.search(fault.at(number)):
                return number, found.expand(what), found.expand(mend)
    if _TAB.match(fault.at(fault.line)):
        return fault.line, "a tab indents this line", "use blanks instead of tabs"
    return (
        _dash_before_brace(fault)
        or _no_colon_above(fault)
        or below_empty(fault)
        or _brace_behind_colon(fault)
        or _text_with_colon(fault)
        or bracket_slip(fault)
        or indentation_slip(fault)
    )


def _dash_before_brace(fault: Fault) -> Slip | None:
    """An entry in braces that stands below another one of a list, without its dash."""
    here = fault.at(fault.begun)
    above = fault.at(_line_above(fault, fault.begun))
    if not _IN_BRACES.match(here) or not above.lstrip().startswith("- "):
        return None
    if indentation(above) != indentation(here):
        return None
    shown = here.strip()
    mend = f"write `- {shown if len(shown) <= _LONGEST_SHOWN else '{…'}`"
    return fault.begun, "a dash is missing before this entry of the list", mend


def _no_colon_above(fault: Fault) -> Slip | None:
    """A key without its colon, which YAML reads as a text that goes on in the line below."""
    number = _line_above(fault, fault.line)
    above = fault.at(number)
    found = _KEY_AND_VALUE.match(above)
    if fault.mark != ":" or not found or indentation(above) != indentation(fault.at(fault.line)):
        return None
    return number, "a colon is missing", f"write `{found[1]}: {found[2]}`"


def _line_above(fault: Fault, line: int) -> int:
    """The nearest line above that says something; 0 where there is none."""
    above = range(line - 1, max(0, line - _MOST_ABOVE), -1)
    said = (number for number in above if fault.at(number).split("#")[0].strip())
    return next(said, 0)


_IN_BRACES = re.compile(r" *\{[\w-]{1,60}: [^\r\n]{0,300}\} *$")
_KEY_AND_VALUE = re.compile(r" *([A-Za-z][\w-]{0,60}) +([^\s:#\"'{\[|>&*-][^\s:#\"']{0,60}) *$")
_LONGEST_SHOWN = 80
_MOST_ABOVE = 20


def _expression(fault: Fault) -> Slip | None:
    """A variable of a shell, or an expression, within braces that YAML reads."""
    here = fault.at(fault.line)
    for found in _EXPRESSION.finditer(here):
        if found.start() <= fault.column <= found.end():
            mend = "write what it stands for; text that is meant needs quotes"
            return fault.line, f"nothing fills in `{found[0]}`", mend
    return None


_EXPRESSION = re.compile(
    r"[$#](?:\{\{[^{}`]{0,80}\}\}|\{[^{}`]{0,80}\})|@\w{1,60}@"
    r"|(?<![\w%!])%[A-Za-z_]\w{0,60}%(?![\w%])"
)


def _brace_behind_colon(fault: Fault) -> Slip | None:
    """A key within braces whose own braces stand right behind its colon."""
    if fault.mark != ":" and "':'" not in fault.problem:
        return None
    joined = _BRACE_BEHIND_COLON.search(fault.at(fault.line)[: fault.column + 2])
    if joined is None:
        return None
    mend = f"write `{joined[1]}: {joined[2]}…`"
    return fault.line, f"no blank stands behind `{joined[1]}:`", mend


def _text_with_colon(fault: Fault) -> Slip | None:
    """A text that stands behind its key in one line, and has a colon of its own."""
    here = fault.at(fault.line)
    if fault.mark != ":" or not _OWN_COLON.match(here[: fault.column]):
        return None
    is_within = "','" in fault.problem
    begins = here.rfind(": ", 0, fault.column) + 2
    text = re.split(r"[,}\]]" if is_within else r"[ \t]#", here[begins:])[0].strip()
    if _IN_PARENTHESES.match(here[begins:]):
        what = "parentheses hold no entries"
        return fault.line, what, "write `{` in place of `(`, and `}` in place of `)`"
    if is_within and (entry := _NEXT_ENTRY.fullmatch(here[begins : fault.column])):
        what = f"a comma is missing before `{entry[2]}:`"
        if entry[1].endswith(";"):
            what = f"a semicolon stands before `{entry[2]}:`"
        value = entry[1].rstrip(";")
        mend = f"write `{value}, {entry[2]}: …`; text that contains `: ` needs quotes"
        return fault.line, what, mend
    mend = f'write "{text}"' if _QUOTABLE.fullmatch(text) else "put quotes around it"
    return fault.line, "text that contains `: ` needs quotes", mend


_BRACE_BEHIND_COLON = re.compile(r"[{,] ?([\w-]{1,60}):([{\[])")
_OWN_COLON = re.compile(r".*[\w\"']: +[^\s\"'{\[|>][^\"'{\[]*$")
_IN_PARENTHESES = re.compile(r"\([\w-]{1,60}: .{0,400}\)")
_NEXT_ENTRY = re.compile(r"([^\s,]{1,60}) +([\w-]{1,60})")
_QUOTABLE = re.compile(r"[^\"\\]{1,80}")
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
    (
        re.compile(r"^ *-(?=(?![\w\"'{\[]*-)([\w\"'{\[])(\w*))"),
        "no blank stands behind `-`",
        r"write `- \1\2…`",
    ),
)
_COMMENT = (
    re.compile(r"^ *// *(\S.{0,60}?)\s*$"),
    "comments begin with `#`",
    r"write `# \1`",
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
_NO_COLON_BEFORE_BRACE = (
    re.compile(r"^ *(?:- )?([A-Za-z][\w-]{0,60}) +([{\[][^\r\n]{1,200}?) *\r?$"),
    "a colon is missing",
    r"write `\1: \2`",
)
_SLIPS = {
    "could not find expected ':'": (_COMMENT, *_NO_BLANK, _NO_COLON, _NO_COLON_WITHIN),
    "mapping values are not allowed in this context": (
        *_NO_BLANK,
        _NO_COLON_BEFORE_BRACE,
        _NO_COLON,
    ),
    "did not find expected '-' indicator": _NO_BLANK,
    "did not find expected key": _NO_BLANK[-1:],
    "found character that cannot start any token": (
        (
            re.compile(r"[:,\[-] \[?([@`][^,\]\s]{0,60})"),
            "text that begins with @ or ` needs quotes",
            r"write '\1'",
        ),
        (
            re.compile(r"[:,\[-] ?%([0-9][0-9._]{0,20})(?=[\s,}\]]|$)"),
            "a percent sign stands behind its number",
            r"write \1%",
        ),
    ),
    "did not find expected alphabetic or numeric character": (
        (
            re.compile(r"[:,\[-] ?(([*&])[^,\]}\"\s]{0,80})"),
            r"text that begins with \2 needs quotes",
            r'write "\1"',
        ),
    ),
}
"""By libyaml's own words what to look for in a line, what it is called, and the mend."""
