"""What people write in place of a path, a name or a login, and what they meant by it."""

import re
from collections.abc import Callable

from reviewbot.configuration.meant_values import (
    CURLY,
    Slip,
    is_told,
    typed,
    without_curly_quotes,
)


def path_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """What is wrong with a path, and how it is written from the repository's root."""
    if _ON_ONE_MACHINE.match(text):
        return "a path on one machine", "count the path from the repository's root: prompts/a.md"
    if not is_told(text):
        return None
    path, reasons = text, []
    if "\\" in path:
        reasons.append("backslashes")
        path = re.sub(r"[\\/]{1,99}", "/", path)
    if path != (path := without_curly_quotes(path.strip())):
        reasons.append("curly quotes" if set(text) & set(CURLY) else "a blank around")
    path = _from_root(path, reasons)
    if re.search(r"(?:^|/)\.{1,2}(?:/|$)", path):
        parts: list[str] = []
        for step in path.split("/"):
            if step == ".." and not parts:
                return "it leads out of the repository", "name a file in it, such as prompts/a.md"
            parts = parts[:-1] if step == ".." else [*parts, step] if step != "." else parts
        reasons.append("`.` and `..` are not read")
        path = "/".join(parts)
    if path.endswith("/") or not path:
        pattern = f"{path}**/*.yaml" if path else "prompts/*.yaml"
        shown = typed(pattern if is_right(pattern) else "prompts/*.yaml")
        return "a folder", f"name the files in it; samples take a pattern: {shown}"
    return _written(path, reasons, is_right)


def _from_root(path: str, reasons: list[str]) -> str:
    """A path without what leads out of the repository at its beginning."""
    if path.startswith("/"):
        reasons.append("paths count from the repository's root")
        return path.lstrip("/")
    if path != (path := re.sub(r"\A(?:\./)*(?:\.\./)+", "", path)):
        reasons.append("it leads out of the repository; paths count from its root")
    return path


_ON_ONE_MACHINE = re.compile(
    r"[A-Za-z]:[\\/]|~"
    r"|/(?:app|builds|etc|github|home|mnt|opt|private|root|srv|tmp|usr|Users|var|workspaces?)/"
)
"""Windows' drives, a home, folders of Unix, and those where CI servers and containers check out."""


def several_paths(text: str, key: str) -> tuple[str, str] | None:
    """What is wrong with several paths in one text at a key, and how a list has them; else None."""
    parts = re.split(r"\s{0,9}[,;]\s{0,9}|\s{1,9}-\s{1,9}|\s{1,9}", text[:_LONGEST].strip())
    form = _ONE_OF_SEVERAL if re.search(r"[,;]|\s-\s", text) else _WITH_ENDING
    if len(parts) < 2 or not all(map(form.fullmatch, parts)):  # noqa: PLR2004 - several
        return None
    listed = ", ".join(map(typed, parts))
    is_item = key.endswith("]")
    mend = f"write each by itself: `{listed}`" if is_item else f"write them as a list: `[{listed}]`"
    return "several paths stand in one text", mend


_LONGEST = 1_000
_ONE_OF_SEVERAL = re.compile(r"[\w@#?+-]{0,99}+[./*][\w@#./*?+-]{0,199}+")
_WITH_ENDING = re.compile(r"[\w@./*?+-]{1,200}(?:\.[a-z]\w{0,7}|\*)")


def name_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """A name or a model in curly quotes, or with blanks around it or in it."""
    if not is_told(text):
        return None
    found, reasons = _without_around(text)
    tight = _without_blanks_at_slashes(found)
    parts = re.split(r"\s{0,9}[,;]\s{0,9}|\s{1,9}", tight)
    if len(parts) > 1 and all(map(is_right, parts)) and all(map(_WHOLE_NAME.match, parts)):
        return "several names in one", f"put a comma between them: {', '.join(parts)}"
    for repaired in (found, tight, "-".join(tight.split())):
        if is_right(repaired):
            within = ["a blank within"] if repaired != found else []
            return _written(repaired, [*reasons, *within], is_right)
    return None


_WHOLE_NAME = re.compile(r"[\w.-]{1,60}/\S|(?=\S{0,60}\d)[a-z]{2,60}-\S")
"""A model with its maker, or one with a version."""


def _written(found: str, reasons: list[str], is_right: Callable[[str], bool]) -> Slip | None:
    """The mend that is typed; None where nothing was repaired, or where it is not taken either."""
    if not reasons or not is_right(found):
        return None
    return ", ".join(reasons), f"write {typed(found)}"


def _without_around(text: str) -> tuple[str, list[str]]:
    """A text without the blanks and typographic quotes around it, and which of them were there."""
    plain = text.strip()
    found = without_curly_quotes(plain).strip()
    reasons = ["a blank around"] if plain != text else []
    return found, [*reasons, "curly quotes"] if found != plain else reasons


def _without_blanks_at_slashes(text: str) -> str:
    return "/".join(part.strip() for part in text.split("/"))


def approver_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """Somebody who is named by something else than a login."""
    plain, reasons = _without_around(text)
    if found := re.fullmatch(r"(?:https?://)?(?:www\.)?github\.com/([\w/-]{1,140}?)/?", plain):
        name = found[1].removeprefix("orgs/").replace("/teams/", "/")
        return _written(name, ["an address"], is_right)
    if re.fullmatch(r"[^@\s]{1,100}@[^@\s]{1,100}", plain):
        return "an e-mail address", _LOGIN
    joined = _without_blanks_at_slashes(plain)
    several = re.split(r"\s{0,9}[,;]\s{0,9}", joined)
    if len(several) > 1 and all(map(is_right, several)):
        mend = f"write each by itself: {', '.join(map(typed, several))}"
        return "several in one text", mend
    if " " in joined:
        return "a blank within", f"{_LOGIN}, not the name"
    return _written(joined, reasons if joined == plain else ["a blank within"], is_right)


_LOGIN = 'write the login or the team on GitHub, such as octocat or "@acme/finops"'
