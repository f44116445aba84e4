"""Names for workflows that say what their prompts are for."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from reviewbot.discovery.findings import Found
from reviewbot.discovery.guesses import is_carrier, stem_of, words
from reviewbot.prompt_formats._common.positions import steps_of

_NAME_CHARACTERS = 60
_NO_PURPOSE_OF_PLACES = {
    *("src", "app", "lib", "packages", "package", "python", "resources", "assets", "data"),
    *("conf", "config", "configs", "github", "core", "index", "main", "utils", "common", "default"),
}
_VERBS = {
    *("get", "build", "generate", "create", "make", "format", "render", "register", "run", "call"),
    *("evaluate", "execute", "invoke", "init", "do", "process"),
}
"""Words of functions that are left out where a noun stands beside."""

_SAY_LITTLE = _VERBS | {
    *("append", "extend", "add", "insert", "update", "set", "put", "post", "delete", "patch"),
    *("handler", "handle", "callback", "wrapper", "inner", "func", "function", "method", "fetch"),
    *("send", "load", "save", "apply", "start", "next", "step", "now", "item", "items", "line"),
    *("lines", "part", "parts", "section", "sections", "block", "text", "texts", "string", "data"),
    *("list", "chat", "user", "request", "req", "node", "new", "default", "final", "current"),
    *("main", "base", "default", "description", "descriptions", "goal", "backstory", "content"),
    *("instructions", "instruction", "value", "input", "output", "expected", "response", "result"),
    *("return", "answer", "query", "prefix", "suffix", "reminder", "example", "examples", "body"),
    *("self", "super", "options", "params", "args", "kwargs", "task", "preamble", "parsed"),
    *("document", "messages", "summary"),
}
"""Words that name no purpose by themselves: the name around them is set before."""

_LITTLE_ALONE = {"agent", "agents", "state", "wait", "resolved", "info"}
"""Words that name no purpose of a text in a file if they are all that its name says."""


def names_of(prompts: Sequence[Found]) -> list[str]:
    """A name for each prompt, all different.

    Each is as short as it may be: what only tells two of the same name apart is set before both.
    """
    chosen = [next(_candidates(found)) for found in prompts]
    for _ in range(_MOST_ROUNDS):
        counts = Counter(chosen)
        clashing: dict[str, list[int]] = {}
        for number, name in enumerate(chosen):
            if counts[name] > 1:
                clashing.setdefault(name, []).append(number)
        moved = False
        for numbers in clashing.values():
            for number, name in zip(numbers, _apart([prompts[n] for n in numbers]), strict=True):
                moved |= chosen[number] != name
                chosen[number] = name
        if not moved:
            break
    return list(_numbered(chosen))


_MOST_ROUNDS = 3


def _apart(prompts: Sequence[Found]) -> list[str]:
    """The first kind of name that all these differ in, else the one that most differ in."""
    kinds = list(zip(*(_as_many(list(_candidates(found))) for found in prompts), strict=True))
    best = max(kinds, key=lambda kind: (len(set(kind)), -kinds.index(kind)))
    return _with_positions(_with_words(best, prompts), prompts)


def _with_words(names: Sequence[str], prompts: Sequence[Found]) -> list[str]:
    """The names, those that are the same each with the first word that only its text has."""
    said = [_said(found, name) for found, name in zip(prompts, names, strict=True)]
    counts = Counter(names)
    shared: dict[str, Counter[str]] = {name: Counter() for name in counts}
    for name, found in zip(names, said, strict=True):
        shared[name].update(found)
    own = [
        next((word for word in found if shared[name][word] == 1), "") if counts[name] > 1 else ""
        for name, found in zip(names, said, strict=True)
    ]
    return [_slug([name, word]) for name, word in zip(names, own, strict=True)]


def _with_positions(names: Sequence[str], prompts: Sequence[Found]) -> list[str]:
    """The names, those that are the same each with its position under the same selector."""
    counts = Counter(names)
    return [
        _slug([name, str(found.position)])
        if counts[name] > 1 and found.position is not None
        else name
        for name, found in zip(names, prompts, strict=True)
    ]


def _said(found: Found, name: str) -> list[str]:
    """The words of the beginning of a text that may say what it is for, in their order."""
    known = {*name.split("-"), *_SAY_LITTLE, *_NO_PURPOSE_OF_TEXTS}
    told = _SPOKEN.findall(found.text[:_SPOKEN_CHARACTERS].lower())
    return list(dict.fromkeys(word for word in told if word not in known))


_SPOKEN = re.compile(r"(?<![\w$])[a-z]{4,20}(?!\w)")
_SPOKEN_CHARACTERS = 600
_NO_PURPOSE_OF_TEXTS = {
    *("your", "with", "that", "this", "from", "have", "will", "should", "must", "they", "their"),
    *("them", "into", "when", "what", "which", "where", "there", "these", "those", "only", "also"),
    *("else", "none", "true", "false", "given", "provided", "following", "using", "based"),
    *("please", "always", "never", "make", "sure", "more", "than", "about", "each", "every"),
    *("some", "such", "very", "just", "like", "been", "were", "does", "then", "here", "over"),
}
"""Words that any prompt may begin with."""

_MOST_CANDIDATES = 8


def _as_many(names: list[str]) -> list[str]:
    """Exactly `_MOST_CANDIDATES` names: the last stands for those that are missing."""
    return [*names, *[names[-1]] * _MOST_CANDIDATES][:_MOST_CANDIDATES]


def _candidates(found: Found) -> Iterator[str]:
    """Names, the best first: its purpose, with its role, and with each place around it."""
    around = [place for place in _places(found) if place]
    own = list(found.name)
    if not own and around:
        own = list(around.pop())
    elif not own and not found.role:
        own = list(words(stem_of(found.path)).all)
    is_in_file = found.selector is not None
    own = _without_verbs(own)
    while own and around and _say_little(own, is_in_file=is_in_file):
        place = around.pop()
        if set(own) < set(place):
            own = list(place)
            break
        own = _before(place, own)
    if all(map(str.isdecimal, own)) and own:
        own = ["prompt", *own]
    nouns = _without_verbs(own)
    own = own if _say_little(nouns, is_in_file=is_in_file) else nouns
    role = [found.role] if found.role else []
    yield _slug(own or role or ["prompt"])
    yield _slug([*own, *role])
    for place in reversed(around):
        yield _slug(_before(place, own))
    whole = own
    for place in reversed(around):
        whole = _before(place, whole)
    yield _slug([*whole, *role])


def _without_verbs(own: Sequence[str]) -> list[str]:
    return [word for word in own if word not in _VERBS] or list(own)


def _say_little(said: Iterable[str], *, is_in_file: bool) -> bool:
    """Whether words name no purpose; a short one is a name that people give to files only."""
    said = list(said)
    if is_in_file and len(said) == 1 and said[0] in _LITTLE_ALONE:
        return True
    return all(
        word in _SAY_LITTLE or word.isdecimal() or (is_in_file and len(word) < _SHORTEST_PURPOSE)
        for word in said
    )


_SHORTEST_PURPOSE = 3


def _before(place: Iterable[str], own: Sequence[str]) -> list[str]:
    return [*(word for word in place if word not in own), *own]


def _places(found: Found) -> Iterator[tuple[str, ...]]:
    """Words for each place where a prompt stands, the outermost first.

    These are folders, and of an entry its file and its keys.
    """
    folders, _, name = found.path.rpartition("/")
    places = [*folders.split("/")[-3:], *([name.partition(".")[0]] if found.selector else [])]
    steps = steps_of(found.selector or "")[:-1] if found.selector else []
    for place in places:
        said = words(place)
        role = ("assistant",) if said.role == "assistant" else ()
        yield tuple(it for it in (*role, *said.purpose) if it not in _NO_PURPOSE_OF_PLACES)
    for step in steps:
        plain = step.partition("@")[0]
        if not is_carrier(plain) and not plain.isdecimal():
            yield words(plain).purpose


def _numbered(names: Sequence[str]) -> Iterator[str]:
    taken = set(names)
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        if seen[name] == 1:
            yield name
            continue
        number = seen[name]
        while (numbered := f"{name}-{number}") in taken:
            number += 1
        taken.add(numbered)
        yield numbered


def _slug(said: Iterable[str]) -> str:
    return "-".join(filter(None, said))[:_NAME_CHARACTERS].strip("-") or "prompt"
