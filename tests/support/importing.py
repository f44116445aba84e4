"""Prompts of a source file among others of a repository, as the pipeline reads them."""

import importlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from reviewbot.configuration.settings import PromptReference
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompt import TemplateError
from reviewbot.prompt_formats import of_source
from reviewbot.prompts.includes import TextReader
from reviewbot.prompts.prompt_files import Prompt, PromptReader
from reviewbot.rendering.jobs import Load
from reviewbot.rendering.parsers._common.files import Files
from reviewbot.repository.trees import Entry


class Given:
    """A tree of files that are given; a text of None is a link."""

    def __init__(self, files: Mapping[str, str | None]) -> None:
        self._files = files

    @property
    def paths(self) -> list[str]:
        return sorted(self._files)

    def entry(self, path: str) -> Entry | None:
        if path not in self._files:
            return None
        is_link = self._files[path] is None
        return Entry(mode="120000" if is_link else "100644", object_id=path)

    def obstacle(self, path: str) -> str | None:
        links = (name for name, text in self._files.items() if text is None)
        return next((name for name in links if path.startswith(f"{name}/")), None)

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Problem]:
        link = Problem(what="it is a symbolic link", mend="name the file that it leads to")
        texts = {path: self._files.get(path) for path in paths}
        return {path: link if text is None else text.encode() for path, text in texts.items()}


class InProcess:
    """Parses as the rendering process does, without it; `asked` are the names that were sought."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def parse(self, parser: str, text: str, path: str, load: Load) -> Any:
        module = importlib.import_module(f"reviewbot.rendering.parsers.{parser.replace('-', '_')}")

        def loading(name: str, parent: str) -> tuple[str, str] | None:
            self.asked.append(name)
            try:
                found = load(name, parent)
            except MeasurementError as error:
                raise TemplateError(error.problems[0].what, error.problems[0].mend) from None
            return None if found is None else (found.path, found.text)

        try:
            return json.loads(json.dumps(module.parse_file(text, Files(path, loading))))
        except TemplateError as error:
            place = Place(file=path, line=error.line or 1)
            raise MeasurementError(
                [Problem(what=error.what, mend=error.mend, place=place)]
            ) from None


def read(
    files: Mapping[str, str | None], path: str, name: str, parser: InProcess | None = None
) -> Prompt:
    """The prompt under a name of the file at `path`."""
    reader = PromptReader(TextReader(Given(files)), parser or InProcess())  # type: ignore[arg-type]
    chosen = of_source(path)
    assert chosen is not None
    place = Place(file="reviewbot.yml")
    return reader.prompt(
        PromptReference(path=path, selector=name, format=chosen, role=None, place=place), ""
    )


def text(files: Mapping[str, str | None], path: str, name: str) -> str:
    """The text that the source tells under a name; an operation where it has variables."""
    (message,) = read(files, path, name).file.messages
    return message.text
