"""Whether a model that stands in a source text may be that of a prompt elsewhere.

What a call asks for that sends a text of its own says nothing of other texts. So does a model that
judges, embeds, paints or speaks, and one that a condition takes as an exception.
"""

import re
from enum import IntEnum

from reviewbot.prompt_formats._common import prompt_names
from reviewbot.rendering.parsers._common.sellers import reseller_of, sold_at


class Reach(IntEnum):
    """Whose model one may be: nobody's, its function's, its file's, or all the project's."""

    NOBODY = 0
    FUNCTION = 1
    FILE = 2
    PROJECT = 3


_OTHER_KIND = re.compile(
    r"guard|moderat|embed|rerank|whisper|tts|audio|speech|voice|transcri|image|dall-e|flux|imagen"
    r"|veo|sora|diffusion|realtime|ocr|video"
)
_SENT = re.compile(
    r"\b(messages|prompt|system|system_prompt|systemPrompt|system_instruction|systemInstruction"
    r"|instructions|input|contents|content|text)[\"']?[ \t]{0,4}(?:(,|\}|\))|[:=](?!=)\s{0,40}"
    r"(?:f?[\"'`]{1,3}|([\w$.]{1,80})|.))"
)
_LISTS = {"messages", "contents"}
_HEAD = re.compile(
    r"(?:def|function)\b[ \t*]{0,4}\w{0,80}\(([^()]{0,600})|\bconstructor\(([^()]{0,600})"
    r"|\(([^()]{0,400})\)[^()\n=]{0,80}=>|(?<![\w.])\w{1,80}\(([^()]{0,400})\)[^()\n;=]{0,80}\{"
)
_PARAMETER = re.compile(r"[A-Za-z_$][\w$]{0,80}")
_DEFINES = re.compile(r"(?:def|function|constructor)\b[ \t*]{0,4}\w{0,80}\Z")
_CALLED = re.compile(r"([\w$]{1,80})\s{0,4}\(\s{0,40}\{?\Z")
_SELLER = re.compile(r"(?<![\w$])([\w$]{1,80})(?:\.\w{1,40})?\(\Z")
_CHOICE = re.compile(r"\?(?![?.:])")
_OTHERWISE = re.compile(r"[\"']\)?[ \t]{1,9}if\b")
_KEY = re.compile(r"[\w$]{1,80}\Z")
_AROUND = 2_000
"""Characters around a model in which its call is sought."""

_PLAIN = {
    *("model", "models", "default", "llm", "name", "id", "str", "string", "chat", "base", "main"),
    *("openai", "anthropic", "google", "gemini", "claude", "gpt", "my", "the", "ai", "usual"),
    *("text", "language", "own", "current", "this", "primary", "fallback", "env", "lm", "api"),
}
"""Words of names that say nothing of what a model is used for."""

_OF_MODELS = {
    *("mini", "nano", "flash", "turbo", "opus", "sonnet", "haiku", "deepseek", "mistral", "llama"),
    *("qwen", "grok", "kimi", "cohere", "command", "nova", "o"),
}
"""Words of models' names: the constant may be called after one that stood there before."""


def seller_before(text: str, begins: int, model: str) -> str:
    """A model with who sells it, by the function that is called with it."""
    found = _SELLER.search(text, max(0, begins - _CALL_CHARACTERS), begins)
    return model if found is None else sold_at(reseller_of(found[1]), model)


_CALL_CHARACTERS = 100


def reach_of(text: str, key: int, begins: int, ends: int) -> Reach:
    """Whose model the one may be that stands from `begins` to `ends`, under a key at `key`."""
    model = text[begins:ends]
    if is_of_other_kind(model):
        return Reach.NOBODY
    if _CHOICE.search(text, key, begins) or _OTHERWISE.match(text, ends):
        return Reach.NOBODY
    whole = _call_around(text, key)
    if whole is not None and _sends_its_own(text, *whole):
        return Reach.FUNCTION
    return Reach.FILE if _is_for_one(text, key, model) else Reach.PROJECT


def is_of_other_kind(model: str) -> bool:
    """Whether a model judges, embeds, paints or speaks."""
    return _OTHER_KIND.search(model.lower()) is not None


def _is_for_one(text: str, key: int, model: str) -> bool:
    """Whether a name says what a model is for: `TITLE_MODEL`."""
    before = _KEY.search(text, max(0, key - _CALL_CHARACTERS), key)
    own = {*re.findall(r"[a-z]+|[0-9]+", model.lower())}
    words = prompt_names.words(before[0] if before else "")
    return any(
        word not in _PLAIN and not set(re.findall(r"[a-z]+", word)) <= own | _OF_MODELS
        for word in words
    )


def _call_around(text: str, at: int) -> tuple[int, int] | None:
    """Where the call begins and ends that a key is given to; None of a constant, or a head."""
    opened = _unclosed(text, at)
    while opened is not None and text[opened] == "{":
        before = text[:opened].rstrip() if opened < _AROUND else text[opened - 40 : opened].rstrip()
        if before.endswith("("):
            break
        opened = _unclosed(text, opened) if before.endswith((":", ",", "=")) else None
    if opened is None or text[opened] == "[":
        return None
    head = text[max(0, opened - _CALL_CHARACTERS) : opened]
    if text[opened] == "(" and _DEFINES.search(head):
        return None
    return opened, _closed(text, opened)


def _unclosed(text: str, at: int) -> int | None:
    """The last bracket before a place that is not closed there."""
    depth = 0
    for place in range(at - 1, max(-1, at - _AROUND), -1):
        sign = text[place]
        if sign in ")]}":
            depth += 1
        elif sign in "([{":
            if not depth:
                return place
            depth -= 1
    return None


def _closed(text: str, opened: int) -> int:
    depth = 0
    for place in range(opened, min(len(text), opened + _AROUND)):
        sign = text[place]
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
            if not depth:
                return place
    return min(len(text), opened + _AROUND)


def _sends_its_own(text: str, begins: int, ends: int) -> bool:
    """Whether a call sends texts of its own, not only what its function is given."""
    sent = [*_SENT.finditer(text, begins, ends)]
    inner = [one for one in sent if one[1] not in _LISTS or one[2] or one[3]]
    if not sent:
        return False
    given = _parameters(text, begins)
    names = [one[1] if one[2] else one[3] for one in inner]
    return not names or any(name is None or name.partition(".")[0] not in given for name in names)


def _parameters(text: str, at: int) -> set[str]:
    """The parameters of the functions whose heads stand last before a place."""
    heads = [*_HEAD.finditer(text, max(0, at - _AROUND), at)][-_MOST_HEADS:]
    said = " ".join(group for head in heads for group in head.groups() if group)
    return {*_PARAMETER.findall(said)}


_MOST_HEADS = 2
