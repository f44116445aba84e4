"""What stands for something else in the front matter of Prompty files: `${env:…}`, `${file:…}`."""

import posixpath
from typing import Any

from reviewbot.documents import MappingNode, Node, Scalar, parse_json, parse_yaml, plain
from reviewbot.prompt import LoadedFile, PromptText
from reviewbot.prompt_formats._common.problems import wrong


def text_of(node: Node | None) -> str | None:
    """The text of a scalar, with the default of a variable of the environment; else None."""
    if not isinstance(node, Scalar) or node.value is None:
        return None
    return str(_environment(node.text))


def data_of(node: Node, file: PromptText, *, stripped: bool) -> Any:
    """A value with all that stands for something else put in.

    Version 1 of the library strips the blanks around every text.

    Raises:
        MeasurementError: A file is missing, or no JSON or YAML.
    """
    loaded = named_file(node, file)
    if loaded is not None:
        return _resolved(content(loaded, file, node.line), stripped=stripped)
    return _resolved(plain(node), stripped=stripped)


def content(loaded: LoadedFile, file: PromptText, line: int) -> Any:
    """What a file beside the prompt holds."""
    ending = posixpath.splitext(loaded.path)[1].lower()
    if ending == ".json":
        return plain(parse_json(loaded.text, file=loaded.path))
    if ending in {".yaml", ".yml"}:
        return plain(parse_yaml(loaded.text, file=loaded.path))
    what = f"{loaded.path} is neither JSON nor YAML"
    raise wrong(what, "name a data file", path=file.path, line=line)


def named_file(node: Node, file: PromptText) -> LoadedFile | None:
    """The file that `${file:NAME}` means; None where it is none.

    Raises:
        MeasurementError: There is no such file.
    """
    text = node.value if isinstance(node, Scalar) else None
    if not isinstance(text, str) or not text.strip().startswith("${file:"):
        return None
    return load(text.strip().removeprefix("${file:").removesuffix("}"), file, node.line)


def load(name: str, file: PromptText, line: int) -> LoadedFile:
    """The file of that name beside the prompt.

    Raises:
        MeasurementError: There is none.
    """
    loaded = file.surroundings.load(name, file.path)
    if loaded is None:
        raise wrong(
            f"the file {name!r} was not found",
            "correct its name, or add the file",
            path=file.path,
            line=line,
        )
    return loaded


def entries(node: Node | None) -> dict[str, Node]:
    """The values of a mapping; of what is none, nothing."""
    found = node.entries if isinstance(node, MappingNode) else ()
    return {entry.key: entry.value for entry in found}


def _resolved(value: Any, *, stripped: bool) -> Any:
    if isinstance(value, str):
        return _environment(value.strip() if stripped else value)
    if isinstance(value, list):
        return [_resolved(item, stripped=stripped) for item in value]
    if isinstance(value, dict):
        return {key: _resolved(item, stripped=stripped) for key, item in value.items()}
    return value


def _environment(text: str) -> str:
    """The default of `${env:NAME:DEFAULT}`; without one the text, for no environment is read."""
    bare = text.strip()
    if not bare.startswith("${env:") or not bare.endswith("}"):
        return text
    default = bare[len("${env:") : -1].partition(":")[2]
    return default or text
