"""Instructions of agents among the files that they name."""

import posixpath
from collections.abc import Mapping

from msgspec.structs import replace

from reviewbot.prompt import LoadedFile, PromptFile, Surroundings
from reviewbot.prompt_formats import agent_instructions
from tests.support import places
from tests.support.reading import HERE, read

PATH = places.REFERENCES / "gemini_imports.json"


def among(files: Mapping[str, str]) -> Surroundings:
    """A repository's files, as a format may ask for them."""

    def load(name: str, parent: str) -> LoadedFile | None:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(parent), name))
        return LoadedFile(path=path, text=files[path]) if path in files else None

    return replace(HERE, load=load)


def read_at(path: str, text: str, selector: str | None = None, **files: str) -> PromptFile:
    there = {name.replace("__", "/").replace("_md", ".md"): said for name, said in files.items()}
    return read(agent_instructions, text, path=path, selector=selector, surroundings=among(there))


def text_at(path: str, text: str, **files: str) -> str:
    (message,) = read_at(path, text, **files).messages
    return message.text
