"""The prompt that a selector names in TypeScript or JavaScript, in this file or one behind it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from reviewbot.formats._common.problems import wrong
from reviewbot.prompt import PromptText

ENDINGS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
"""Files whose names can be selected."""

_LISTED = 20
_MOST_FILES = 8
_COMPUTED = "is computed by code, which is never run, or is no text"
_MEND = "name the text by itself, in a constant of its own"
_SUBSCRIPT = re.compile(r"""\[(?:"([^"\[\]]{1,500})"|'([^'\[\]]{1,500})'|([0-9]{1,6}))\]""")
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
    name = _SUBSCRIPT.sub(_step, file.selector or "").lstrip(".")
    found = _parsed(file)
    prompt: Mapping[str, Any] | None = found["prompts"].get(name)
    if prompt is None:
        prompt = _behind(file, name, found["exports"], _MOST_FILES)
    if prompt is None:
        told = [item for item, about in found["prompts"].items() if "messages" in about]
        shown = ", ".join(told[:_LISTED]) or "there is none"
        more = f" and {len(told) - _LISTED} more" if len(told) > _LISTED else ""
        what = f"there is no prompt called `{name}`" if name else "the file holds several prompts"
        mend = f"name one behind the path, `{file.path}#NAME`: {shown}{more}"
        raise wrong(what, mend, path=file.path, line=file.line)
    if "messages" not in prompt:
        what = f"`{name}` {prompt.get('problem', _COMPUTED)}"
        raise wrong(what, prompt.get("mend", _MEND), path=file.path, line=prompt["line"])
    return prompt


def select_text(file: PromptText) -> PromptText:
    """The text under the name that is selected, for another format to read.

    Raises:
        MeasurementError: There is none, or a program puts values into it or makes messages of it.
    """
    prompt = selected(file)
    first, *others = prompt["messages"]
    if others or not isinstance(first.get("text"), str) or first["role"] is not None:
        what = f"`{file.selector}` is not a text by itself: code makes messages of it or fills it"
        mend = "take out `format`: as `typescript` it is read with its placeholders"
        raise wrong(what, mend, path=file.path, line=prompt["line"])
    return replace(file, text=first["text"], line=first["line"], selector=None)


def _parsed(file: PromptText) -> Mapping[str, Any]:
    ending = file.path.lower()[file.path.rfind(".") :]
    parser = f"typescript_source.{_DIALECTS.get(ending, 'javascript')}"
    found: Mapping[str, Any] = file.surroundings.parse(parser, file.text, file.path)
    return found


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
        loaded = file.surroundings.load(name, file.path)
        if loaded is not None:
            yield replace(file, path=loaded.path, text=loaded.text, selector=None)


def _step(found: re.Match[str]) -> str:
    """`["a.b"]` as a step of a path."""
    key = found[1] or found[2] or found[3]
    return f'."{key}"' if "." in key else f".{key}"
