"""The prompt of a source file that a selector names: which it is, or which there are."""

import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from reviewbot.errors import NoSuchPromptError
from reviewbot.prompt import PromptText
from reviewbot.prompt_formats._common.problems import wrong

_LISTED = 20
_MOST_COMPARED = 200
_LONGEST_NAME = 100
_COMPUTED = "is computed by code, which is never run, or is no text"
_MEND = "name the text by itself, in a constant of its own"
_SUBSCRIPT = re.compile(r"""\[(?:"([^"\[\]]{1,500})"|'([^'\[\]]{1,500})'|([0-9]{1,6}))\]""")


def parsed_source(parser: str, file: PromptText) -> Mapping[str, Any]:
    """What a parser finds in a file; the files that its texts come from are loaded.

    Raises:
        MeasurementError: It cannot be read, or its texts come from too many files.
    """
    found: Mapping[str, Any] = file.surroundings.parse(parser, file.text, file.path)
    for path in found["files"]:
        file.surroundings.load(path, "")
    return found


def name_of(file: PromptText) -> str:
    """The selector as a path of names, with steps for its subscripts."""
    return _SUBSCRIPT.sub(_step, file.selector or "").lstrip(".")


def found_under(prompts: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """The prompt of a name; None where there is none.

    One that statements around it have given another place, as a `try` around `return create(…)`
    does, is still meant, if no other may be. So is a call by what is called, `ask.generateText`,
    whatever name its answer has.
    """
    own = prompts.get(name)
    if own is None or "messages" not in own:
        own = sent_by_call(prompts, name) or own
    if own is not None:
        return own
    plain = placeless(name)
    told = [about for one, about in prompts.items() if placeless(one) == plain]
    told = [about for about in told if "messages" in about]
    return told[0] if len(told) == 1 else None


def sent_by_call(prompts: Mapping[str, Mapping[str, Any]], name: str) -> Mapping[str, Any] | None:
    """What a call in a function sends, by the names of both: all of it, or its one text.

    None where there is no such call. Of several it says so.
    """
    outer, _, callee = placeless(name).rpartition(".")
    told = {
        one: about
        for one, about in prompts.items()
        if about.get("callee") == callee and "key" not in about
        if "messages" in about or "problem" in about
    }
    for depth in (0, 1):
        found: list[Mapping[str, Any]] = [
            about for one, about in told.items() if _call_around(one, depth) in (outer, name)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            lines = ", ".join(str(about["line"]) for about in found)
            what = f"is called in lines {lines}, or is given several texts there"
            mend = "name the answer's own name, `function.answer`, or what the call is given"
            return {"line": found[0]["line"], "problem": what, "mend": mend}
    return None


def _call_around(name: str, depth: int) -> str:
    """The function around a call that is told by itself, or by what it is given."""
    steps = placeless(name).split(".")
    return ".".join(steps[: -1 - depth])


def placeless(name: str) -> str:
    """A selector without what tells several `return`s, or several values of a name, apart."""
    return _PLACES.sub("", name)


_PLACES = re.compile(r"\.return(?=[.@]|\Z)|@[0-9]{1,6}(?=\.|\Z)")


def chosen(
    file: PromptText, prompts: Mapping[str, Any], prompt: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """The `prompt` that is selected among `prompts`.

    Raises:
        NoSuchPromptError: There is none.
        MeasurementError: The source does not tell its text.
    """
    name = name_of(file)
    if prompt is None or not {"messages", "problem"} & prompt.keys():
        _refuse_holder(file, prompts, name)
    if prompt is None:
        import difflib

        told = [item for item, about in prompts.items() if "messages" in about]
        shown = ", ".join(told[:_LISTED]) or "there is none"
        more = f" and {len(told) - _LISTED} more" if len(told) > _LISTED else ""
        what = f"there is no prompt called `{name}`" if name else "the file holds several prompts"
        mend = f"name one behind the path, `{file.path}#NAME`: {shown}{more}"
        known = told[:_MOST_COMPARED]
        near = [item for item in known if item.lower() == name.lower()]
        if near := near or difflib.get_close_matches(name[:_LONGEST_NAME], known, 1):
            mend = f"did you mean `{file.path}#{near[0]}`? Else {mend}"
        problems = wrong(what, mend, path=file.path, line=file.line).problems
        raise NoSuchPromptError(problems)
    if "messages" not in prompt:
        what = f"`{name}` {prompt.get('problem', _COMPUTED)}"
        raise wrong(what, prompt.get("mend", _MEND), path=file.path, line=prompt["line"])
    return prompt


def _may_be_prompt(about: Mapping[str, Any]) -> bool:
    """Whether a found text may be a prompt: not one word with a mark or a digit, as models are."""
    texts = [message.get("text") for message in about["messages"]]
    return len(texts) != 1 or not isinstance(texts[0], str) or not _ONE_NAME.fullmatch(texts[0])


_ONE_NAME = re.compile(r"(?=\D{0,200}[\d/_-])\S{1,200}")


def _refuse_holder(file: PromptText, prompts: Mapping[str, Any], name: str) -> None:
    """Refuse the name of an object, a mapping or a class, which is no prompt but holds some.

    Raises:
        NoSuchPromptError: With the names of the prompts in it.
    """
    inside = [
        one for one, about in prompts.items() if one.startswith(f"{name}.") and "messages" in about
    ]
    steps = {one[len(name) + 1 :].partition(".")[0] for one in inside}
    is_expression = "0" not in steps and all(map(str.isdecimal, steps))  # `load() or "text"`
    if not name or is_expression:
        return
    inside = [one for one in inside if _may_be_prompt(prompts[one])] or inside
    first, *others = inside
    line = prompts[name]["line"] if name in prompts else min(prompts[it]["line"] for it in inside)
    shown = "".join(f", or `#{one}`" for one in others[:_LISTED])
    more = f" and {len(others) - _LISTED} more" if len(others) > _LISTED else ""
    is_one = "a prompt" if not others else "several prompts"
    mend = f"name {'it' if not others else 'one'}: `{file.path}#{first}`{shown}{more}"
    problems = wrong(f"`{name}` holds {is_one}", mend, path=file.path, line=line).problems
    raise NoSuchPromptError(problems)


def text_by_itself(file: PromptText, prompt: Mapping[str, Any], *, language: str) -> PromptText:
    """The text of a prompt, for another format to read.

    Raises:
        MeasurementError: A program puts values into it or makes messages of it.
    """
    first, *others = prompt["messages"]
    if others or not isinstance(first.get("text"), str) or first["role"] is not None:
        what = f"`{file.selector}` is not a text by itself: code makes messages of it or fills it"
        mend = f"take out `format`: as `{language}` it is read with its placeholders"
        raise wrong(what, mend, path=file.path, line=prompt["line"])
    return replace(file, text=first["text"], line=first["line"], selector=None)


def _step(found: re.Match[str]) -> str:
    """`["a.b"]` as a step of a path."""
    key = found[1] or found[2] or found[3]
    return f'."{key}"' if "." in key else f".{key}"
