"""F-strings that Python reads since 3.12: an older one says so, with their line."""

import sys

import pytest

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.newer_f_strings import beyond_older
from reviewbot.rendering.parsers.python_source.parsed import parsed

IS_OLDER = sys.version_info < (3, 12)
QUOTES = "the quotes of an f-string stand within its braces, too"
NEWER = {
    "quotes of a key": ('a = 1\n\nP = f"Hello {x["a"]} there"\n', QUOTES, 3),
    "quotes of a join": ('P = f"{", ".join(x)} there"\n', QUOTES, 1),
    "quotes in a call": ('P = dict(\n  a=1,\n  b=f"x {y["z"]}",\n)\n', QUOTES, 3),
    "quotes of three": ('P = f"""\nHello {x["a"]}\n{"""x"""}\n"""\nQ = 1\n', QUOTES, 3),
    "a backslash": ("P = f\"Hello {'\\n'.join(x)}\"\n", "a backslash stands", 1),
    "a backslash above the end": (
        'P = f"""\nHello\n\n{"\\n".join(x)}\n\n"""\n',
        "a backslash stands",
        4,
    ),
    "a comment": ('P = rf"""Hello {\n  x # hi\n} there"""\n', "a comment stands", 2),
    "a line": ('a = 1\nP = f"x {\n y\n}"\n', "a line ends", 2),
    "behind braces that are text": ('P = f"{{ {x["a"]:>{n}} }}"\n', QUOTES, 1),
}
NEVER = {
    "no comma": 'P = f"""x\n\n{ y z }"""\n',
    "nothing": 'P = f"x { }"\n',
    "no end": 'P = f"x { y "\n',
    "another line": '# f"{x["a"]}"\n\nP = f"x"\ndef (\n',
    "no f-string": 'P = "x {y["a"]}"\n',
}


@pytest.mark.skipif(not IS_OLDER, reason="this Python reads them")
@pytest.mark.parametrize("name", NEWER)
def test_the_line_and_the_newer_python_are_told(name: str) -> None:
    text, what, line = NEWER[name]
    with pytest.raises(TemplateError) as caught:
        parsed(text)
    assert what in caught.value.what
    assert caught.value.line == line
    assert "run reviewbot with Python 3.12 or newer, which reads it, or " in caught.value.mend


@pytest.mark.skipif(IS_OLDER, reason="this Python does not read them")
@pytest.mark.parametrize("name", NEWER)
def test_a_newer_python_reads_them(name: str) -> None:
    parsed(NEWER[name][0])


@pytest.mark.parametrize("name", NEVER)
def test_what_no_python_reads_is_not_told_as_newer(name: str) -> None:
    with pytest.raises(TemplateError) as caught:
        parsed(NEVER[name])
    assert "or newer" not in caught.value.mend


@pytest.mark.parametrize("text", ['f"{' * 9_000, "f'''{" * 9_000, "f'{" + "'''" * 9_000])
def test_much_text_is_looked_through_for_a_while(text: str) -> None:
    assert beyond_older(text, 1, "f-string: expecting '}'") is None
