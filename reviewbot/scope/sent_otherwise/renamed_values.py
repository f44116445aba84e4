"""Values of altered files that have only other names since the change."""

import re
from collections.abc import Iterable, Mapping

from reviewbot.scope.sent_otherwise.altered_files import Altered
from reviewbot.scope.sent_otherwise.changed_names import names_set_in, statements_of
from reviewbot.scope.sent_otherwise.definitions import classes_in, functions_in
from reviewbot.scope.sent_otherwise.imported_names import every_word


def renamed_values(altered: Iterable[Altered]) -> dict[str, str]:
    """The names of what is gone, with those of what stands for just the same now."""
    gone: dict[str, set[str]] = {}
    come: dict[str, set[str]] = {}
    for item in altered:
        for found, text, other in (
            (gone, item.before, item.after),
            (come, item.after, item.before),
        ):
            for said, name in _values(text, other):
                found.setdefault(said, set()).add(name)
    both = ((gone[said], come[said]) for said in gone if said in come)
    return {
        old: new
        for olds, news in both
        if len(olds) == len(news) == 1
        for old in olds
        for new in news
    }


def _values(text: str, other: str) -> Iterable[tuple[str, str]]:
    """What stands for each name that another text does not set, with the name."""
    kept = names_set_in(other)
    for one in statements_of(text):
        for name in one.names if len(one.names) == 1 and not one.is_import else ():
            if name not in kept and not _is_called(name, one.text):
                yield _in_words({name: ""}, one.text), name


def _is_called(name: str, text: str) -> bool:
    """Whether it is a function or a class; calls of these are compared by what they send."""
    return name in functions_in(text) or any(name == one for one, _ in classes_in(text))


def under_new_names(before: str, after: str, renamed: Mapping[str, str]) -> str:
    """A text as it was, but with the names that its values have now."""
    words = (every_word(before) - every_word(after)) & renamed.keys()
    return _in_words({word: renamed[word] for word in words}, before) if words else before


def _in_words(others: Mapping[str, str], text: str) -> str:
    return _WORD.sub(lambda found: others.get(found[0], found[0]), text)


_WORD = re.compile(r"[\w$]++")
