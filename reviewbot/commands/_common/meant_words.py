"""What somebody meant who typed a command line that is refused."""

import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence

_VERBS = {
    **dict.fromkeys(("diff", "review", "compare", "pr", "test", "run", "lint", "ci"), "check"),
    **dict.fromkeys(("price", "prices", "estimate", "costs", "report", "show"), "cost"),
    **dict.fromkeys(("setup", "install", "new", "update"), "init"),
    **dict.fromkeys(("trend", "log"), "history"),
}
_FORMATS = {"md": "markdown", "text": "terminal", "txt": "terminal", "xml": "junit", "web": "html"}
_NEAR = 0.7
"""How alike two words have to be, from 0 to 1; the hyphens of options do not count."""


def near(word: str, known: Iterable[str]) -> str:
    """The question whether the nearest known word was meant; empty where none is near."""
    import difflib

    names = {name.strip("-"): name for name in known}
    found = difflib.get_close_matches(word.strip("-"), names, 1, _NEAR)
    return _meant(names[found[0]]) if found else ""


def meant_choice(chosen: str, known: Sequence[str]) -> str:
    """What was meant by a command or by the value of an option that is none of the `known`."""
    for other in (_VERBS, _FORMATS):
        if other.get(chosen) in known:
            return _meant(other[chosen])
    return near(chosen, ["--help"] if chosen == "help" else known)


def options_first(words: Sequence[str], commands: Mapping[str, object]) -> str:
    """The command line with its command in front, where options stand before it."""
    if not words or not words[0].startswith("-") or words[0] in {"--help", "--version"}:
        return ""
    at = next((index for index, word in enumerate(words) if word in commands), None)
    if at is None:
        return ""
    line = shlex.join(["reviewbot", words[at], *words[:at], *words[at + 1 :]])
    return f"; options stand behind the command: `{line}`" if line.isprintable() else ""


def meant_option(words: Sequence[str], given: str, usage: str) -> str:
    """What was meant by an option, or a word, that the command of `words` does not take.

    `given` is what was not taken, `usage` the command's usage; empty where nobody knows.
    """
    name = words[0] if words else ""
    option, _, value = given.split(" ", maxsplit=1)[0].partition("=")
    listed = re.search(r"--format \{([\w,]+)\}", usage)
    formats = listed[1].split(",") if listed else []
    form = option.removeprefix("--")
    if option.startswith("--") and (form in formats or _FORMATS.get(form) in formats):
        return _meant(f"--format {form if form in formats else _FORMATS[form]}")
    if option == "--branch" and "--base" in usage:
        branch = value or _behind(words, option) or "BRANCH"
        return f"; did you mean `--base {branch}` (compared with) or `--head {branch}` (reviewed)?"
    if option in {"--workflow", "--name"} and re.search(r"\bWORKFLOW\b", usage):
        workflow = value or _behind(words, option) or "WORKFLOW"
        return f"; it stands by itself: `reviewbot {name} {workflow}`"
    if name == "check" and os.path.isfile(option):
        return f"; to see what a file costs by line: `reviewbot explain {shlex.quote(option)}`"
    return ""


def _behind(words: Sequence[str], option: str) -> str:
    """The value behind an option, where it is a plain name."""
    following = words[words.index(option) + 1 :] if option in words else ()
    value = following[0] if following else ""
    return value if re.fullmatch(r"\w[\w./-]{0,100}", value) else ""


def _meant(word: str) -> str:
    return f"; did you mean `{word}`?"
