"""The one model that the settings of a project name, in files that its code reads."""

import re
from collections.abc import Iterable

from reviewbot import prompt_formats
from reviewbot.allowance import Allowance
from reviewbot.discovery.findings import Nearby
from reviewbot.discovery.lent_models import is_of_other_kind
from reviewbot.errors import Place
from reviewbot.prompts.models_in_code.settings import MOST_OF_ONE, is_of_settings, settings_in
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.prompts.own_sources import own_sources
from reviewbot.repository.trees import Tree, read_texts
from reviewbot.tokens.same_model import is_same_model

_MOST_FILES = 200
_MOST_OF_FILE = 100_000
_MOST_CHARACTERS = 6_000_000
_KEY = re.compile(
    r"(?i)(?:(?:default|chat|main|base|llm|ai|openai)[._-]?)?(?:llm|model)(?:[._-]?(?:name|id))?"
)
"""What the model of all calls is called; others are for one thing, such as `title_model`."""


def model_of_settings(tree: Tree, allowance: Allowance) -> Nearby | None:
    """The model that settings name; None where they name several, or no code reads them."""
    own = OwnFiles(tree.paths)
    paths = [path for path in tree.paths if is_of_settings(path) and own.has(path)]
    paths = [path for path in paths if not prompt_formats.is_prompt(path)]
    if len(paths) > _MOST_FILES:
        return None
    found: list[Nearby] = []
    for path, text in read_texts(tree, paths).items():
        if allowance.is_used_up:
            return None
        named = (
            [it for it in settings_in(text) if not it.is_cap] if len(text) <= _MOST_OF_FILE else []
        )
        told = [it for it in named if _KEY.fullmatch(it.key) and not is_of_other_kind(it.value)]
        if 0 < len(told) <= MOST_OF_ONE:
            found += [
                Nearby(model=it.value, place=Place(file=path, line=it.line), is_setting=True)
                for it in told
            ]
    read = _read({item.place.file for item in found}, tree)
    found = [item for item in found if item.place.file in read]
    is_one = found and all(is_same_model(item.model, found[0].model) for item in found)
    return found[0] if is_one else None


def _models(path: str, text: str) -> list[Nearby]:
    """What a file of settings names as the model of all calls."""
    return [
        Nearby(model=item.value, place=Place(file=path, line=item.line), is_setting=True)
        for item in settings_in(text)
        if _KEY.fullmatch(item.key) and not item.is_cap and not is_of_other_kind(item.value)
    ]


def _read(paths: Iterable[str], tree: Tree) -> set[str]:
    """The files whose names source code says."""
    waiting = {*paths}
    read: set[str] = set()
    left = _MOST_CHARACTERS
    for _, text in own_sources(tree) if waiting else ():
        left -= len(text)
        if left < 0 or not waiting:
            break
        read |= {path for path in waiting if path.rpartition("/")[2] in text}
        waiting -= read
    return read
