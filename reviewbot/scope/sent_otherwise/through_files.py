"""Prompts that unchanged code sends through what a change alters: a function, a number, a name."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.prompt_formats._common.sent_form import SentForms
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.rendering.parsers._common.told_tools import characters_told
from reviewbot.repository.trees import Tree
from reviewbot.scope.affected import Resent

_MOST_FILES = 3_000
_MOST_CHARACTERS = 100_000
_MOST_IN_ALL = 400_000
_MOST_ALTERED = 20
_MOST_LINKED = 10
"""Files that are looked at, and parsed; what is beyond is of a change that a tool makes."""

_AT_ONCE = 500
_NAME = re.compile(r"[\w$-]{2,}")
_IMPORTED = re.compile(
    r"import\s{1,9}([\w$]{1,200})[^;\n]{0,300}?from\s{1,9}[\"']([^\"'\n]{1,300})[\"']"
)
_DEFAULT = re.compile(r"^\s*(?:export default|module\.exports\s*=)\b", re.MULTILINE)
_ATTRIBUTE = re.compile(r"\b(\w{1,200})\.(?=(\w{1,200}))")
_NUMBER = re.compile(r"[-+(\[{]{0,9}\.?[0-9]|\[|\{")
_DEFINED = r"(?:def|class|function|const|let|var)\s+({names})\b|^\s*(?:async\s+)?({names})\s*\("

Read = Callable[[str, str, Sequence[str], Sequence[str]], SentForms | None]
"""Gives what a file at a path sends of certain names, and of what certain functions are given."""


class Altered(Struct, frozen=True, kw_only=True):
    """A changed source file: its text after, and the one before."""

    path: str
    after: str
    old: str
    before: str

    @property
    def module(self) -> str:
        """What it is imported by."""
        return module_of(self.path)


def module_of(path: str) -> str:
    """The word by which others import a file."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    return folder.rpartition("/")[2] if stem in {"__init__", "index"} else stem


def find_through(
    tree: Tree, altered: Iterable[Altered], names: Sequence[str], read: Read, changed: Iterable[str]
) -> Iterator[Resent]:
    """What altered files make of prompts with certain `names` that others send through them."""
    short = [it for it in altered if len(it.after) + len(it.before) < 2 * _MOST_CHARACTERS]
    modules = short[:_MOST_ALTERED]
    read = _Bounded(read)
    if not modules:
        return
    word = _words(names)
    stems = {item.module for item in modules}
    imported = [{*_NAME.findall(item.after)} for item in modules]
    left = _MOST_LINKED
    for path, text in _own_sources(tree, {*changed}):
        own = module_of(path)
        users = [it for it, inside in zip(modules, imported, strict=True) if own in inside]
        is_near = users or any(stem in text for stem in stems)
        if not is_near or len(text) > _MOST_CHARACTERS or not any(name in text for name in names):
            continue
        said = stems & {*_NAME.findall(text)}
        if (not said and not users) or word.search(text) is None:
            continue
        left -= 1
        if left < 0:
            return
        links = read(path, text, names, ())
        for item in modules if links is not None else ():
            assert links is not None
            if item.module in said and item.path != path:
                yield from _through(item, links, names, read, text)
            if item in users and item.path != path:
                yield from _by_other_names(item, own, text, links.aliases - {*names}, read)


class _Bounded:
    """Reads files until what is read at most is used up, or one cannot be read."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._left = _MOST_IN_ALL

    def __call__(
        self, path: str, text: str, names: Sequence[str], functions: Sequence[str]
    ) -> SentForms | None:
        self._left -= len(text)
        found = None if self._left < 0 else self._read(path, text, names, functions)
        if found is None:
            self._left = 0
        return found


def _imports(text: str, module: str, name: str) -> bool:
    """Whether a file imports a name from a module, or names it by that."""
    if name not in text:
        return False
    place, word = re.escape(module), re.escape(name)
    if re.search(rf"\b{place}\.{word}\b", text):
        return True
    lists = (
        rf"\b{place}\s{{1,9}}import\s{{0,9}}(\([^)]{{0,5000}}|[^\n(][^\n]{{0,500}})",
        rf"\{{([^{{}}]{{0,5000}})\}}\s{{0,9}}(?:from|=\s{{0,9}}require)[^\n]{{0,300}}?\b{place}\b",
    )
    return any(
        re.search(rf"\b{word}\b", found[1]) for form in lists for found in re.finditer(form, text)
    )


def _reads(text: str, module: str, name: str) -> bool:
    """Whether a file reads a name of a module: by itself, or by what it imports from there."""
    owners = {found[1] for found in _ATTRIBUTE.finditer(text) if found[2] == name}
    return _imports(text, module, name) or any(_imports(text, module, one) for one in owners)


def _by_other_names(
    item: Altered, module: str, text: str, aliases: frozenset[str], read: Read
) -> Iterator[Resent]:
    """The forms in which an altered file sends what a module has under other names."""
    local = {one for one in aliases if _imports(item.after, module, one)}
    if _DEFAULT.search(text):
        found = _IMPORTED.finditer(item.after)
        local |= {one[1] for one in found if module_of(one[2]) == module}
    if not local:
        return
    after = read(item.path, item.after, sorted(local), ())
    before = read(item.old, item.before, sorted(local), ()) if item.before else SentForms()
    if after is None or before is None:
        return
    known = {(one.steps, one.form) for one in before.forms if not one.key}
    for one in after.forms:
        if not one.key and (one.steps, one.form) not in known:
            name, form = ".".join(one.steps), f"`{one.form}`"
            yield Resent(path=item.path, line=one.line, name=name, form=form)


def _through(
    item: Altered, links: SentForms, names: Sequence[str], read: Read, text: str
) -> Iterator[Resent]:
    """What an altered file makes of the prompts of one that calls it, or reads its constants.

    The one that calls it is given as its `text`.
    """
    name = _name_of(links, names)
    functions = [one for one in links.called if _is_defined(one, item.after)]
    constants = {**links.uses, **links.asked}
    if not functions and not any(name in item.after for name in constants):
        return
    after = read(item.path, item.after, (), functions)
    before = read(item.old, item.before, (), functions)
    if before is None or after is None:
        return
    known = {(one.steps, one.key, one.form) for one in before.forms}
    known |= {(one.steps[:-1], one.key, one.form) for one in before.forms if one.key}
    for one in after.forms:
        is_known = {(one.steps, one.key, one.form), (one.steps[:-1], one.key, one.form)} & known
        if _is_given(one.steps, functions) and not is_known:
            through = _function_in(one.steps, functions)
            same = [it for it in before.forms if (it.steps, it.key) == (one.steps, one.key)]
            yield Resent(
                path=item.path,
                line=one.line,
                name=name,
                form=one.form if one.key else f"`{one.form}` through `{through}`",
                key=one.key,
                was=same[0].form if one.key and len(same) == 1 else None,
                is_through=True,
            )
    yield from _longer(item, before, after, functions, name)
    for used, how in constants.items():
        was, now = before.constants.get(used), after.constants.get(used)
        if not was or not now or [*was] == [*now] or not _reads(text, item.module, used):
            continue
        line = _line_of(used, item.after)
        if used in links.asked:
            if not _is_more(was[-1], now[-1]):
                continue
            asked = Resent(path=item.path, line=line, name=name, form=now[-1], key=how)
            yield replace(asked, was=was[-1], is_through=True)
        elif any(map(_NUMBER.match, (*was, *now))) and not _is_less(was, now):
            told = f"`{how}` with `{used}`, which is {'; '.join(now)} now, was {'; '.join(was)}"
            yield Resent(path=item.path, line=line, name=name, form=told, is_through=True)


def _is_more(was: str, now: str) -> bool:
    """Whether a setting may cost more: of the definition of a tool, if it is longer."""
    sizes = characters_told(was), characters_told(now)
    return sizes[0] is None or sizes[1] is None or sizes[1] - sizes[0] > MOST_BESIDE


def _is_less(was: Sequence[str], now: Sequence[str]) -> bool:
    said = [*was, *now]
    is_told = len(said) == len(_PAIR) and all(
        one.isdecimal() and len(one) < _DIGITS for one in said
    )
    return is_told and int(now[0]) < int(was[0])


_PAIR = ("was", "now")
_DIGITS = 10


def _longer(
    item: Altered, was: SentForms, now: SentForms, functions: Sequence[str], name: str
) -> Iterator[Resent]:
    """Text that a function puts beside what it is given."""
    for steps in dict.fromkeys(one.steps for one in now.texts if _is_given(one.steps, functions)):
        is_new = not any(one.steps == steps for one in was.texts)  # an argument that is new
        texts = [
            [
                one
                for one in was.texts
                if one.steps == steps or (is_new and one.steps[:-1] == steps[:-1])
            ],
            [one for one in now.texts if one.steps == steps],
        ]
        sizes = [max((one.characters for one in side), default=0) for side in texts]
        beside = [frozenset().union(*(one.beside for one in side)) for side in texts]
        line = next(one.line for one in now.texts if one.steps == steps)
        more = sizes[1] - sizes[0]
        if more > MOST_BESIDE:
            form = f"with {more:,} more characters through `{_function_in(steps, functions)}`"
            yield Resent(path=item.path, line=line, name=name, form=form, is_through=True)
        for one in sorted(beside[1] - beside[0]):
            form = f"with `{one}` beside it through `{_function_in(steps, functions)}`"
            yield Resent(path=item.path, line=line, name=name, form=form, is_through=True)


MOST_BESIDE = 200
"""Characters that a function may put beside a prompt."""


def _name_of(links: SentForms, names: Sequence[str]) -> str:
    said = [".".join(one.steps) for one in links.texts if one.steps]
    return said[0] if said else names[0]


def _is_given(steps: Sequence[str], functions: Sequence[str]) -> bool:
    return len(steps) > 1 and not {*steps[-3:-1]}.isdisjoint(functions)


def _function_in(steps: Sequence[str], functions: Sequence[str]) -> str:
    return next(name for name in steps if name in functions)


def _is_defined(name: str, text: str) -> bool:
    form = _DEFINED.format(names=re.escape(name))
    return re.search(form, text, re.MULTILINE) is not None


def _line_of(name: str, text: str) -> int:
    found = re.search(rf"^[^\n=:]*\b{re.escape(name)}\b", text, re.MULTILINE)
    return 1 if found is None else text.count("\n", 0, found.start()) + 1


def _words(names: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w$])(?:{'|'.join(map(re.escape, names))})(?![\w$])")


def _own_sources(tree: Tree, changed: set[str]) -> Iterator[tuple[str, str]]:
    """The project's own source files; of very many those that come first."""
    own = OwnFiles(tree.paths)
    paths = [path for path in tree.paths if prompt_formats.of_source(path) and own.has(path)]
    paths = sorted(paths, key=lambda path: path not in changed)[:_MOST_FILES]
    for first in range(0, len(paths), _AT_ONCE):
        yield from _read(tree, paths[first : first + _AT_ONCE]).items()


def _read(tree: Tree, paths: Sequence[str]) -> Mapping[str, str]:
    found = tree.read(paths)
    return {
        path: data.decode(errors="replace")
        for path, data in found.items()
        if isinstance(data, bytes)
    }
