"""What somebody meant by a word without `--` that a command does not take, or does not know."""

import os
import re
import shlex
from collections.abc import Collection, Sequence

from reviewbot.errors import ReviewbotError
from reviewbot.repository.git import Git

_WHOLE = {
    "check": "check reviews all that the change concerns",
    "baseline": "baseline records every workflow",
    "init": "init looks for prompts in the whole repository; `--include GLOB` narrows it",
    "formats": "formats lists them all",
    "action": "the action takes its inputs from the workflow's file",
}
"""What a command does that takes no such word."""

_RANGE = re.compile(r"(?P<base>[^.\s]+(?:\.[^.\s]+)*)\.{2,3}(?P<head>[^.\s]+(?:\.[^.\s]+)*)")
_STEPS_BACK = re.compile(r"(?:[~^][0-9]{0,9}){1,20}\Z")
_WORD = re.compile(r"\w[\w./@~^{}+-]{0,200}")


def meant_revision(word: str, takes: Collection[str], git: Git) -> str | None:
    """The options that name a revision or a range, where the word is one; None where it is not.

    `takes` are the options that the command has.
    """
    if not _WORD.fullmatch(word):
        return None
    if (found := _RANGE.fullmatch(word)) and git.has_commit(found["head"]):
        if "--base" not in takes:
            return f"--head {_quoted(found['head'])}" if "--head" in takes else None
        base, head = _quoted(found["base"]), _quoted(found["head"])
        return f"--base {base} --head {head}" if git.has_commit(found["base"]) else None
    option = next((name for name in ("--base", "--head") if name in takes), None)
    begins = _STEPS_BACK.sub("", word)  # one too far back is told by the option, with the nearest
    return f"{option} {_quoted(word)}" if option and git.has_commit(begins) else None


def _quoted(revision: str) -> str:
    return revision if re.fullmatch(r"\w[\w./~-]*", revision) else shlex.quote(revision)


def meant_positional(words: Sequence[str], given: str, usage: str) -> str:
    """What to type in place of a word that the command of `words` does not take.

    `given` is what was not taken, `usage` the command's usage; empty where nobody knows.
    """
    name = words[0] if words else ""
    word = given.split(" ", maxsplit=1)[0]
    if word.startswith("-") or name not in _WHOLE:
        return ""
    place = _value_of("--repo", words) or "."
    git = Git(directory=place, environment=os.environ)
    if meant := meant_revision(word, re.findall(r"--[\w-]+", usage), git):
        return f"; did you mean `{meant}`?"
    if word in _workflows(place, _value_of("--config", words)):
        other = "explain" if name == "check" else "cost"
        return f"; {_WHOLE[name]}; of one workflow: `reviewbot {other} {word}`"
    return f"; {_WHOLE[name]}; leave it out"


def _value_of(option: str, words: Sequence[str]) -> str:
    at = words.index(option) + 1 if option in words else len(words)
    return words[at] if at < len(words) else ""


def _workflows(repository: str, config: str) -> Collection[str]:
    """The names in the configuration as it lies there; none where it cannot be read."""
    from reviewbot.configuration import DEFAULT_FILE
    from reviewbot.documents import MappingNode, parse_yaml

    try:
        with open(os.path.join(repository, config or DEFAULT_FILE), encoding="utf-8") as file:
            root = parse_yaml(file.read(_MOST_CHARACTERS), file=file.name)
    except (OSError, UnicodeDecodeError, ReviewbotError):
        return ()
    workflows = root.get("workflows") if isinstance(root, MappingNode) else None
    if not isinstance(workflows, MappingNode):
        return ()
    return {entry.key for entry in workflows.entries}


_MOST_CHARACTERS = 1_000_000
