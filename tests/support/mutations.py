"""Changes of a text that parsers stumble over, by the numbers that a fuzzer picks."""

from collections.abc import Callable, Sequence

Pick = Callable[[int], int]
"""A number from 0 below the one given."""

_LONGEST = 60_000
_SIGNS = (
    *"[]{}()<>-?:,&*!|#%@`'\"\\/=$~^.;_+ \n\t\r\0",
    *(
        "- ",
        ": ",
        "? ",
        " #",
        "\n  ",
        "\n---\n",
        "\n...\n",
        "<<: ",
        "!!",
        "&a ",
        "*a",
        "%TAG ! x\n",
    ),
    *("{{", "}}", "{{{", "{%", "%}", "{#", "#}", "${", "$", "#{", "{{#a}}", "{{/a}}", "{{>a}}"),
    *('"""', "'''", "```", "<message>", "</message>", "<!--", "-->", "\r\n", "\x0c", "\x85"),
    *("\u2028", "\ufeff", "\u202e", "\x1b[2J", "\ud800", "\udc80", "\U0001f600", "é", "e\u0301"),
    *(
        "\\ud800",
        "\\u0000",
        "\\x",
        "\\",
        "|\n",
        ">-\n ",
        "|2\n",
        "..",
        "../",
        "//",
        "@{",
        "::",
        "%0A",
    ),
)
_WORDS = (
    *("null", "true", "no", "0", "-0", "-1", "1e5", "1e999", "NaN", "-Infinity", ".inf", "010"),
    *("0x1f", "1_000", "$1,200", "5%", "101%", "9" * 40, "0." + "3" * 40, "٣", "²", "[]", "{}"),
    *("2026-02-30", "0000-00-00", "p95", "p0", "x" * 300, "role", "content", "messages", "system"),
    *("version: 1", "name", "type", "__class__", "a.b.c", "file:///etc/passwd", "/etc/passwd"),
)


def mutate(  # noqa: C901, PLR0912 - one branch for each change
    text: str, pick: Pick, others: Sequence[str]
) -> str:
    """`text` with one change: of a character, a word, a line, a block, or its whole depth."""
    lines = text.split("\n")
    at, line = pick(len(text) + 1), pick(len(lines))
    match pick(14):
        case 0:
            text = text[:at] + _SIGNS[pick(len(_SIGNS))] + text[at:]
        case 1:
            text = text[:at] + text[at + 1 + pick(4) :]
        case 2:
            text = text[:at] + _WORDS[pick(len(_WORDS))] + text[at:]
        case 3:
            text = _with_a_word_replaced(text, at, _WORDS[pick(len(_WORDS))])
        case 4:
            text = "\n".join(lines[:line] + lines[line + 1 :])
        case 5:
            text = "\n".join(lines[: line + 1] * 2 + lines[line + 1 :])
        case 6:
            other = pick(len(lines))
            lines[line], lines[other] = lines[other], lines[line]
            text = "\n".join(lines)
        case 7:
            text = "\n".join([*lines[:line], "  " + lines[line], *lines[line + 1 :]])
        case 8:
            text = "\n".join([*lines[:line], lines[line].strip(), *lines[line + 1 :]])
        case 9:
            other_text = others[pick(len(others))]
            text = text[:at] + other_text[pick(len(other_text) + 1) :]
        case 10:
            text = text[:at]
        case 11:
            text = text[:at] + _SIGNS[pick(len(_SIGNS))] * (1 + pick(2_000)) + text[at:]
        case 12:
            text = text.replace("\n", "\r\n")
        case _:
            text = text[:at] + text[at : at + 1 + pick(80)] * (2 + pick(40)) + text[at:]
    return text[:_LONGEST]


def _with_a_word_replaced(text: str, at: int, word: str) -> str:
    start = end = at
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return text[:start] + word + text[end:]
