"""Which files of JavaScript a bundler has made small, by what stands in them."""

_ENDINGS = (".js", ".mjs", ".cjs", ".jsx")
_LONG_LINE = 500
"""Characters: a line of a minified file has thousands, one that people write has a hundred."""

_LEAST_LONG = 0.8
_MOST_SPACES = 0.08
_LEAST_SIGNS = 0.08
"""Of the characters of a file, those on long lines; of these the spaces, and the signs of code.

Of 130 files that Next.js built at least 0.85 stand on long lines, of which spaces are at most 0.06
and signs at least 0.1; of prose 0.15 are spaces, and of data in Base64 next to nothing is a sign.
"""


def is_minified(path: str, text: str) -> bool:
    """Whether a file holds what was written elsewhere, without spaces and in very long lines.

    A text of a prompt on one long line is none, and neither is what a bundler leaves readable.
    """
    if not path.lower().endswith(_ENDINGS) or len(text) < _LONG_LINE:
        return False
    long = "".join(line for line in text.split("\n") if len(line) >= _LONG_LINE)
    return (
        len(long) >= _LEAST_LONG * len(text)
        and sum(map(long.count, " \t")) <= _MOST_SPACES * len(long)
        and sum(map(long.count, ";,(){}=:")) >= _LEAST_SIGNS * len(long)
    )
