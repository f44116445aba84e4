"""The prompt that a selector names in TypeScript or JavaScript, in this file or one behind it."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from reviewbot.prompt import PromptText
from reviewbot.prompt_formats._common.selected_prompts import (
    chosen,
    found_under,
    name_of,
    parsed_source,
    text_by_itself,
)

ENDINGS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
"""Files whose names can be selected."""

_MOST_FILES = 8
_DIALECTS = {".tsx": "tsx", ".ts": "typescript", ".mts": "typescript", ".cts": "typescript"}


def all_prompts(file: PromptText) -> Mapping[str, Any]:
    """What `reviewbot.rendering.parsers.typescript_source` finds in a file.

    Raises:
        MeasurementError: It exceeds the limits.
    """
    prompts: Mapping[str, Any] = _parsed(file)["prompts"]
    return prompts


def selected(file: PromptText) -> Mapping[str, Any]:
    """The prompt under the name that is selected.

    Raises:
        MeasurementError: There is none, or the source does not tell its text.
    """
    name = name_of(file)
    found = _parsed(file)
    prompt = found_under(found["prompts"], name)
    if prompt is None:
        prompt = _behind(file, name, found["exports"], _MOST_FILES)
    return chosen(file, found["prompts"], prompt)


def select_text(file: PromptText) -> PromptText:
    """The text under the name that is selected, for another format to read.

    Raises:
        MeasurementError: There is none, or a program puts values into it or makes messages of it.
    """
    return text_by_itself(file, selected(file), language="typescript")


def dialect_of(path: str) -> str:
    """The grammar of a file: a module of `reviewbot.rendering.parsers.typescript_source`."""
    return _DIALECTS.get(path.lower()[path.rfind(".") :], "javascript")


def parsed_by(file: PromptText) -> tuple[str, PromptText]:
    """The parser of a file, and the text that it reads."""
    return f"typescript_source.{dialect_of(file.path)}", file


def _parsed(file: PromptText) -> Mapping[str, Any]:
    return parsed_source(*parsed_by(file))


def _behind(
    file: PromptText, name: str, exports: Mapping[str, Any], files_left: int
) -> Mapping[str, Any] | None:
    """The prompt in the file that a name comes from: `export { SYSTEM } from "./prompts"`."""
    own, dot, rest = name.partition(".")
    wanted = [(exports[own][0], f"{exports[own][1]}{dot}{rest}")] if own in exports else []
    wanted += [(module, name) for module in exports.get("*", ())]
    for module, there in wanted:
        loaded = next(_candidates(file, module), None) if files_left else None
        if loaded is None:
            continue
        found = _parsed(loaded)
        prompt: Mapping[str, Any] | None = found["prompts"].get(there)
        if prompt is None:
            prompt = _behind(loaded, there, found["exports"], files_left - 1)
        if prompt is not None:
            return prompt
    return None


def _candidates(file: PromptText, module: str) -> Iterator[PromptText]:
    """The files that a relative module may mean, as Node and TypeScript look them up."""
    if not module.startswith("."):
        return
    stem = re.sub(r"\.[cm]?jsx?\Z", "", module)
    for name in (module, *(f"{stem}{e}" for e in ENDINGS), *(f"{stem}/index{e}" for e in ENDINGS)):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), name))
        loaded = None if target.startswith("..") else file.surroundings.load(target, "")
        if loaded is not None:
            yield replace(file, path=loaded.path, text=loaded.text, selector=None)
