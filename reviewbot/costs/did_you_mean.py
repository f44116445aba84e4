"""Which known model a misspelt name may have meant."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from reviewbot.costs.catalogue_rates import find, listed_names
from reviewbot.tokens.providers import PROVIDERS, SELLS_ITS_OWN_ONLY

_ALIKE = 0.75
"""How alike two names have to be, as difflib has it; `gpt-4.1-mni` and `gpt-4.1-mini` are 0.96."""

_LONGEST = 100
_MAKERS = ("openai", "anthropic", "mistral", "deepseek", "x-ai", "meta", "cohere", "google")
"""Whose names of a model come first, where several providers list one."""

_MAKER_OF = {"claude": "anthropic", "gpt": "openai", "gemini": "google"}
"""Who makes a family that other makers sell too, under names of their own."""

_LINES = {
    "anthropic": re.compile(r"claude-[a-z]+-\d"),
    "deepseek": re.compile(r"deepseek-v\d"),
    "google": re.compile(r"gemini-\d"),
    "mistral": re.compile(r"mistral-(?:large|medium)-\d"),
    "moonshotai": re.compile(r"kimi-k\d"),
    "openai": re.compile(r"gpt-\d"),
    "x-ai": re.compile(r"grok-\d"),
}
"""How the models begin that a maker sells first, for a reference that names the maker alone."""


def newest_of_maker(reference: str) -> str | None:
    """The newest model of a maker, where the reference names nothing but the maker."""
    maker = PROVIDERS.get(reference.strip().lower()[:_LONGEST].rstrip("/:"))
    if maker not in _LINES:
        return None
    own = [item for item in listed_names() if item.startswith(f"{maker}/")]
    sold = [item for item in own if _LINES[maker].match(item, len(maker) + 1)]
    return max(sold, key=lambda item: (_version(item), -len(item), item), default=None)


def nearest_model(reference: str) -> str | None:
    """The model of the catalogue whose name is nearest, as the reference writes its provider."""
    return newest_of_maker(reference) or _nearest_name(reference)


def _nearest_name(reference: str) -> str | None:
    head, slash, name = reference.strip().lower()[:_LONGEST].partition("/")
    provider = PROVIDERS.get(head) if slash else None
    if provider is not None:
        own = f"{provider}/"
        sold_here = (item.removeprefix(own) for item in listed_names() if item.startswith(own))
        if near := _nearest(name, sold_here):
            return f"{head}/{near}"
    name = name if provider is not None else reference.strip().lower()[:_LONGEST]
    made, sold = _by_name()
    if provider is None and (whole := _newest_of(name, made)):
        return whole
    if slash and provider is None and (whole := _nearest(name, made.values())):
        return whole
    near = _nearest(name, made) or _nearest(name, sold)
    if near is None:
        return None
    if provider is not None and provider not in SELLS_ITS_OWN_ONLY and find(provider, near):
        return f"{head}/{near}"
    return (made if near in made else sold)[near]


def _by_name() -> tuple[dict[str, str], dict[str, str]]:
    """The names without providers, each with the whole name: those of makers, and all others."""
    made: dict[str, str] = {}
    sold: dict[str, str] = {}
    for item in listed_names():
        provider, _, name = item.partition("/")
        maker = _MAKER_OF.get(name.partition("-")[0], provider)
        (made if provider == maker and provider in _MAKERS else sold).setdefault(name, item)
    ranked = sorted(made.items(), key=lambda pair: _MAKERS.index(pair[1].partition("/")[0]))
    return dict(ranked), sold


def _nearest(name: str, known: Iterable[str]) -> str | None:
    """The one that is the same but for its marks, else of the same version, else the likest."""
    plain = re.sub(r"[^a-z0-9]", "", name)
    known = list(known)
    for item in known if plain else ():
        if re.sub(r"[^a-z0-9]", "", item) == plain:
            return item
    if same := _of_same_version(name, known):
        return same
    near = difflib.get_close_matches(name, known, 1, _ALIKE)
    return near[0] if near else None


def _of_same_version(name: str, known: Iterable[str]) -> str | None:
    """The one with the same numbers whose words are likest; one with or without a word else."""
    version, words = _parts(name)
    if not version or not words:
        return None
    ranked = []
    for item in known:
        its_version, its_words = _parts(item)
        if its_version != version:
            continue
        alike = difflib.SequenceMatcher(None, " ".join(words), " ".join(its_words)).ratio()
        is_near = alike >= _ALIKE and len(words) == len(its_words)
        if is_near or len(set(words) ^ set(its_words)) == 1:
            begins = item.rpartition("/")[2].startswith(name)
            ranked.append((not is_near, not begins, -alike, len(item), item))
    return min(ranked)[-1] if ranked else None


def _parts(name: str) -> tuple[str, list[str]]:
    """The digits of a name without its date, and its words in the order of the alphabet."""
    undated = re.sub(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4,}", "", name.rpartition("/")[2])
    told = re.sub(r"(?<=[0-9][.-])l(?![a-z])", "1", undated)
    return re.sub(r"[^0-9]", "", told), sorted(re.findall(r"[a-z]+", told))


def _newest_of(word: str, made: Mapping[str, str]) -> str | None:
    """The newest model that has a single word in its name, of the maker who has most of them."""
    if not re.fullmatch(r"[a-z]{4,20}", word):
        return None
    of_word = [item for name, item in made.items() if word in re.split(r"[^a-z]+", name)]
    if not of_word:
        return None
    ((maker, _),) = Counter(item.partition("/")[0] for item in of_word).most_common(1)
    return max((item for item in of_word if item.startswith(f"{maker}/")), key=_version)


def _version(name: str) -> list[int]:
    """The numbers in a name, without dates."""
    return [int(number) for number in re.findall(r"[0-9]+", name) if len(number) <= _DIGITS]


_DIGITS = 2
"""Of a number of a version; longer ones are dates, or sizes."""
