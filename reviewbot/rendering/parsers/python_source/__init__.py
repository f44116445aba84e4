"""The prompts in Python source, found by its syntax tree; no code is run.

They are texts and lists of messages that stand under a name: module constants, class attributes
(`Class.NAME`), local names of a function (`function.name`), what a function returns (`function`),
entries of dictionaries and lists (`NAME.key`, `NAME.0`), and named arguments of a call
(`agent.instructions`).
"""

import ast
import re
import sys
import warnings
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.finder import Finder

_VERSION = "{}.{}".format(*sys.version_info)
_ENCODING = re.compile(r"[ \t\f]*#[^\n]{0,200}?coding[:=][ \t]*([-\w.]{1,50})")
_LONE_RETURN = re.compile(r"\r(?!\n)")


def parse(text: str) -> dict[str, Any]:
    """Each prompt by its selector: its `messages`, and the `line` that it begins in.

    One that the source does not tell has no messages; `problem` and `mend` say why, where that is
    not just that code computes it.
    `is_formatted` says that `.format` is called on its name.
    """
    try:
        return _parsed(text)
    except RecursionError:
        what = "expressions or blocks of this Python source are nested too deep"
        raise TemplateError(what, "write them flatter", line=1) from None


def _parsed(text: str) -> dict[str, Any]:
    _refuse_encoding(text)
    if alone := _LONE_RETURN.search(text):
        what = "a carriage return stands by itself, which Python takes for the end of a line"
        line = text.count("\n", 0, alone.start()) + 1
        raise TemplateError(what, "end lines as usual", line=line)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        what = f"this is not Python: {error.msg}"
        mend = f"correct it; it is read by Python {_VERSION}"
        raise TemplateError(what, mend, line=error.lineno or 1) from None
    except ValueError as error:
        raise TemplateError(f"this is not Python: {error}", "correct it", line=1) from None
    return {"prompts": Finder(tree, text).found()}


def _refuse_encoding(text: str) -> None:
    """Refuse source that says it is not UTF-8, where that matters."""
    for number, line in enumerate(text.split("\n", 2)[:2], 1):
        said = _ENCODING.match(line)
        is_other = said and said[1].lower().replace("_", "-") not in {"utf-8", "utf8", "utf-8-sig"}
        if is_other and not text.isascii():
            what = f"the source says that its encoding is {said[1]}" if said else ""
            raise TemplateError(what, "save it as UTF-8", line=number)
