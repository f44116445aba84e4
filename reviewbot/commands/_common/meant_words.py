"""What somebody meant who typed a command line that is refused."""

import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence

_CHECKING = ("diff", "review", "compare", "pr", "test", "run", "lint", "ci", "validate", "verify")
_VERBS = {
    **dict.fromkeys(_CHECKING, "check"),
    **dict.fromkeys(("price", "prices", "estimate", "costs", "report", "show"), "cost"),
    **dict.fromkeys(("setup", "install", "new", "update"), "init"),
    **dict.fromkeys(("trend", "log"), "history"),
}
_FORMATS = {"md": "markdown", "text": "terminal", "txt": "terminal", "xml": "junit", "web": "html"}
_BY_ENDING = {"md": "markdown", "xml": "junit", "htm": "html", "txt": "terminal"}
"""The formats of files whose ending is not the format's name."""

_OPTIONS = {
    "--base": ("-b", "--target", "--against", "--from", "--into", "--main"),
    "--head": ("--to", "--commit", "--rev", "--revision", "--ref"),
    "--config": ("-c", "--cfg", "--conf", "--configuration", "--settings"),
    "--format": ("-f", "-o", "--fmt", "--as", "--out", "--output-format", "--reporter"),
    "--worktree": ("-w", "--uncommitted", "--dirty", "--local", "--unstaged", "--all"),
    "--staged": ("--cached", "--index"),
    "--repo": ("-C", "-r", "--path", "--dir", "--directory", "--root", "--cwd"),
    "--colour never": ("--no-color", "--no-colour", "--nocolor"),
    "--verbose": ("-v", "-vv", "--details", "--debug"),
    "--quiet": ("-q", "-s", "--silent"),
    "--model": ("-m",),
    "--update": ("-u", "--upgrade", "--refresh"),
}
"""What other tools call the options that commands have here."""

_OPTION = re.compile(r"(--[\w-]{1,40})( [A-Z][A-Z=]{0,40}| \{[\w,-]{1,400}\})?")
"""An option in a usage, and what it takes."""

_NEAR = 0.7
"""How alike two words have to be, from 0 to 1; the hyphens of options do not count."""


def near(word: str, known: Iterable[str]) -> str:
    """The question whether the nearest known word was meant; empty where none is near."""
    import difflib

    names = {name.strip("-"): name for name in known}
    longer = [name for name in names if len(word) > 2 and name.startswith(word.strip("-"))]  # noqa: PLR2004 - `co` may be cost or completion
    if len(longer) == 1:
        return _meant(names[longer[0]])
    found = difflib.get_close_matches(word.strip("-"), names, 1, _NEAR)
    return _meant(names[found[0]]) if found else ""


def meant_choice(chosen: str, known: Sequence[str]) -> str:
    """What was meant by a command or by the value of an option that is none of the `known`."""
    if chosen.lower() in known:
        return _meant(chosen.lower())
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
    return _other_option(words, option, value or _behind(words, option), usage)


def split_argument(words: Sequence[str], usage: str) -> str:
    """What to write for an option that stands in one argument with its value, as in YAML lists."""
    for word in words:
        option, blank, value = word.partition(" ")
        value = value.strip()
        if not blank or not option.startswith("--") or f"{option} " not in usage:
            continue
        if not re.fullmatch(r"[\w./=@~^-]{1,100}", value):
            continue
        listed = re.search(rf"{re.escape(option)} \{{([\w,-]+)\}}", usage)
        known = listed[1].split(",") if listed else []
        meant = re.search(r"`(.*)`", meant_choice(value, known)) if value not in known else None
        value = meant[1] if meant else value
        return (
            "; one argument holds a blank: "
            f"write `{option}={value}`, or in YAML `[{option}, {value}]`"
        )
    return ""


def meant_output(text: str, known: Sequence[str]) -> str:
    """What was meant by a `--write` that is no `FORMAT=FILE`; empty where nobody knows."""
    form, _, file = text.partition("=")
    if not form.isprintable() or not file.isprintable():
        return ""
    if file:
        meant = re.search(r"`(.*)`", meant_choice(form, known))
        return _meant(f"--write {meant[1]}={file}") if meant else ""
    if form in known:
        return f"; name the file: `--write {form}=FILE`"
    ending = form.rpartition(".")[2].lower()
    by_ending = _BY_ENDING.get(ending, ending)
    return _meant(f"--write {by_ending}={form}") if by_ending in known else ""


def _other_option(words: Sequence[str], option: str, value: str, usage: str) -> str:
    """What other tools call what the command has, or does in another way."""
    listed = re.search(r"--format \{([\w,]+)\}", usage)
    formats = listed[1].split(",") if listed else []
    if option in {"--output", "-o", "--out"} and "--write" in usage:
        ending = value.rpartition(".")[2].lower()
        form = _BY_ENDING.get(ending, ending)
        is_known = form in formats
        if is_known and ending == value.lower():
            return _meant(f"--format {form}")
        return _meant(f"--write {form if is_known else 'FORMAT'}={value or 'FILE'}")
    known = dict(_OPTION.findall(usage))
    for meant, others in _OPTIONS.items():
        name, _, chosen = meant.partition(" ")
        if option in others and name in known:
            shown = _FORMATS.get(value, value) if meant == "--format" else value
            takes = known[name] and not chosen
            return _meant(f"{meant} {shown or known[name].strip()}" if takes else meant)
    if option in {"-n", "--limit", "--count", "--max-count"} and "--last" in usage:
        return _meant(f"--last {value or 'N'}")
    if option == "--model" and words and words[0] in {"check", "cost", "explain"}:
        return f"; to try another: edit `model`, then `reviewbot {words[0]} --worktree`"
    return ""


def _behind(words: Sequence[str], option: str) -> str:
    """The value behind an option, where it is a plain name."""
    following = words[words.index(option) + 1 :] if option in words else ()
    value = following[0] if following else ""
    return value if re.fullmatch(r"\w[\w./-]{0,100}", value) else ""


def _meant(word: str) -> str:
    return f"; did you mean `{word}`?"
