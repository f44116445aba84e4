"""The models that source code names where it sends a file of prompts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reviewbot import prompt_formats
from reviewbot.allowance import Allowance
from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.findings import Nearby
from reviewbot.errors import Place
from reviewbot.prompts.models_in_code.reach import Looks
from reviewbot.prompts.models_in_code.sent_files import SentFiles
from reviewbot.prompts.own_sources import own_sources
from reviewbot.repository.trees import Tree
from reviewbot.tokens.same_model import is_same_model

_MOST_CHARACTERS = 6_000_000
"""Of the source that is searched for what sends files."""

_MOST_OF_FILE = 200_000
_BEFORE = ("'", '"', "`", "/")
_BEHIND = ("'", '"', "`")


def is_file(item: Proposed) -> bool:
    """Whether a workflow without a model is made of files that are no source code."""
    paths = {prompt.path for prompt in item.prompts}
    are_files = all(prompt_formats.of_source(path) is None for path in paths)
    is_nameless = item.model is None and item.default_model is None
    return is_nameless and are_files and not item.is_developers


def named_where_sent(
    workflows: Iterable[Proposed], tree: Tree, allowance: Allowance
) -> Mapping[str, Nearby]:
    """The one model that code names which sends a file, by its path; none of several."""
    paths = sorted({prompt.path for item in workflows if is_file(item) for prompt in item.prompts})
    found: dict[str, list[Nearby]] = {}
    looks = Looks()
    for path, text, files in _saying(paths, tree):
        if allowance.is_used_up or looks.is_used_up:
            return {}
        for file, models in SentFiles(path, text, files, looks).models.items():
            for model, line in models.items():
                place = Place(file=path, line=line)
                found.setdefault(file, []).append(Nearby(model=model, place=place, is_sent=True))
    return {
        file: several[0]
        for file, several in found.items()
        if all(is_same_model(one.model, several[0].model) for one in several)
    }


def _saying(paths: Sequence[str], tree: Tree) -> Iterator[tuple[str, str, list[str]]]:
    """The source files that may name a model and send any of some files, and which of these."""
    left = _MOST_CHARACTERS
    for path, text in own_sources(tree) if paths else ():
        left -= len(text)
        if left < 0:
            return
        files = [file for file in paths if _says(text, file)] if "model" in text.lower() else []
        if files and len(text) <= _MOST_OF_FILE:
            yield path, text, files


def _says(text: str, file: str) -> bool:
    """Whether a text has the name of a file, or that without its ending as a text of its own."""
    name = file.rpartition("/")[2]
    if name in text:
        return True
    stem = name.partition(".")[0]
    return stem in text and any(
        f"{before}{stem}{behind}" in text for before in _BEFORE for behind in _BEHIND
    )
