"""The tokens of Python source that say where texts and lines end, for readers without a parser."""

import re
from collections.abc import Mapping
from typing import Final

TOKEN: Final = re.compile(
    r"\n|[()\[\]{};]|#[^\n]*"
    r'|"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|[\"']",
    re.DOTALL,
)
"""Line ends, brackets, semicolons, comments and texts; a quote by itself is a text that does not
end."""

DEPTH: Final[Mapping[str, int]] = {**dict.fromkeys("([{", 1), **dict.fromkeys(")]}", -1)}
"""How much deeper inside of brackets the source is behind one."""
