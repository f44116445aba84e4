"""The prompt that a selector names in Python source."""

import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from reviewbot.formats._common.problems import wrong
from reviewbot.prompt import PromptText

_LISTED = 20
_COMPUTED = "is computed by code, which is never run, or is no text"
_MEND = "name the text by itself, in a constant of its own"
_SUBSCRIPT = re.compile(r"""\[(?:"([^"\[\]]{1,500})"|'([^'\[\]]{1,500})'|([0-9]{1,6}))\]""")


def all_prompts(file: PromptText) -> Mapping[str, Any]:
    """What `reviewbot.rendering.parsers.python_source` finds in a file.

    Raises:
        MeasurementError: It is no Python source, or exceeds the limits.
    """
    found: Mapping[str, Any] = file.surroundings.parse("python-source", file.text, file.path)
    return found["prompts"]  # type: ignore[no-any-return]


def selected(file: PromptText) -> Mapping[str, Any]:
    """The prompt under the name that is selected.

    Raises:
        MeasurementError: There is none, or the source does not tell its text.
    """
    prompts = all_prompts(file)
    name = _SUBSCRIPT.sub(_step, file.selector or "").lstrip(".")
    prompt: Mapping[str, Any] | None = prompts.get(name)
    if prompt is None:
        told = [item for item, found in prompts.items() if "messages" in found]
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
        mend = "take out `format`: as `python` it is read with its placeholders"
        raise wrong(what, mend, path=file.path, line=prompt["line"])
    return replace(file, text=first["text"], line=first["line"], selector=None)


def _step(found: re.Match[str]) -> str:
    """`["a.b"]` as a step of a path."""
    key = found[1] or found[2] or found[3]
    return f'."{key}"' if "." in key else f".{key}"
