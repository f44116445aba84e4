"""How likely a text in source code is one that a model is sent, by its names, place and words."""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from reviewbot.prompt_formats._common.addressed import ADDRESSED, STRONGLY
from reviewbot.prompt_formats._common.prompt_names import (
    GIVEN_TO_MODELS,
    LEAST_CHARACTERS,
    LEAST_OF_CALLS,
    PLACE_WORDS,
    PROMPT_WORDS,
    is_named,
    telling_names,
    tells_of_prompts,
    words,
)

_PLACES_OF_PROMPTS = {"prompt", "prompts", "prompting", "personas"}
"""Files and folders of these names hold little else."""

_NO_PROMPT_WORDS = {
    *("error", "errors", "err", "exception", "warning", "warn", "log", "logger", "logging", "help"),
    *("usage", "html", "css", "regex", "pattern", "url", "license", "banner", "svg", "deprecation"),
    *("docstring", "changelog", "dockerfile", "deprecated", "epilog", "notice", "telemetry"),
    *("readme", "debug", "success", "install", "cli"),
}
_SELDOM_PROMPT_WORDS = {"sql", "query", "script", "schema", "yaml", "docs", "cypher", "consent"}
_LABELS = {
    *("description", "placeholder", "hint", "propertyhint", "searchhint", "tooltip", "label"),
    *("title", "displayname", "summary", "confirmation", "message", "longdescription"),
}
"""Names of texts for people, or of what only a tool's definition holds."""

_SENT_AS = {
    *("instructions", "system", "systemprompt", "systeminstruction", "systemmessage", "prompt"),
    *("backstory", "content", "userprompt", "template", "goal", "expectedoutput", "input"),
    *("systemcontent", "rolemsg", "text", "task"),
}
_OF_MODELS = re.compile(
    r"(?i)\b(?:(?:the|an?|your|this) (?:AI|assistant|(?:language )?model|LLM|chatbot|agent)\b"
    r"|AI (?:model|assistant|agent|language)|large language model|chain of thought"
    r"|the (?:user|human)(?:'s|\u2019s)? (?:question|query|input|request|message|intent|goal))"
)
_RULES = re.compile(
    r"\b(?:MUST|NEVER|ALWAYS|DO NOT|CRITICAL|IMPORTANT|ONLY|STRICT)\b|^#{1,4} ", re.MULTILINE
)
_FOR_PEOPLE = re.compile(
    r"(?i)\b(?:please try again|you are about to|warning:|(?:pip|npm) install"
    r"|for more (?:information|details)|click|privacy|visit|browser window"
    r"|(?:see|read|check|consult|refer to|in) (?:the|our) (?:\w{1,30} )?documentation)\b"
    r"|(?:^|\s)(?:\$ |--[a-z]{3})|\[/?(?:bold|dim|italic|red|green|blue|yellow|cyan|rgb\()"
)
_OF_ERRORS = re.compile(
    r"(?i)\b(?:failed to|could not|cannot be|unable to|not (?:found|installed|supported)"
    r"|is (?:required|deprecated|invalid))\b|https?://"
)
"""What errors say to people, and links; under a name that says prompt it is said to a model."""

_SENTENCE = re.compile(r"[^\W\d_][\"'`)}>]?[.:!?\u0964](?:\s|$)|[\u3002\uff01\uff1f]")
_WORDS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f]|[^\W\d_]{2,}")
"""Words between blanks; in scripts that put none between words, each sign."""
_CODE = re.compile(
    r"\A\s*(?:<(?:!DOCTYPE|html|div|svg|style|script|\?xml)|SELECT\b|INSERT\b"
    r"|CREATE (?:TABLE|INDEX)|WITH \w+ AS|MATCH \(|import \w|from \w+ import|#!/|\{\s*\""
    r"|https?://|\[&[^\]\s]{1,40}\]:|FROM \w+:|function\b|const \w|query \w*\s*[({]"
    r"|mutation |ALTER |MERGE |UPDATE \w+ SET|async def|def \w+\()"
)
_SYMBOLS_OF_NAMED = 3
"""For each word: what is named as a prompt may hold examples in JSON."""

_SYMBOLS = re.compile(r"[{}()\[\];=<>|\\/]")
_LEAST_WORDS = 12
_MOST_READ = 20_000


class Candidate(Struct, frozen=True, kw_only=True):
    """A text in a source file: the path of its names, what gets it, and the words that stand there.

    `callee` is what is called with it, `key` the name of the argument; `is_called` says that the
    call names a model.
    """

    names: tuple[str, ...]
    text: str
    callee: str = ""
    key: str = ""
    is_called: bool = False


def is_prompt(candidate: Candidate, place: Iterable[str]) -> bool:
    """Whether a text is likely one that a model is sent; `place` are `place_words` of its file."""
    names = [name for name in telling_names(candidate.names) if name]
    own = words(names[-1]) if names else ()
    key = words(candidate.key) if candidate.key else own
    text = candidate.text
    if len(text) > _MOST_READ:
        text = f"{text[: _MOST_READ // 2]}{text[-_MOST_READ // 2 :]}"
    is_given = candidate.callee in GIVEN_TO_MODELS or candidate.is_called
    is_sent = is_given and "".join(key) in _SENT_AS
    least = LEAST_OF_CALLS if is_sent else LEAST_CHARACTERS
    has_name = is_named(candidate.names)
    if len(candidate.text) < least or _CODE.match(text) or _is_of_schema(candidate):
        return False
    if _SHOWS.match(candidate.callee) or (_fills(candidate.callee) and not has_name):
        return False
    if any(words(name)[:1] == ("old",) for name in names[-2:]) or _matches(candidate, own):
        return False
    of_place = _of_place({*place})
    if not _is_prose(text, is_named=has_name or is_sent or of_place >= _ENOUGH):
        return False
    if _NO_PROMPT_WORDS & {*own[-2:]} and not PROMPT_WORDS & {*own}:
        return False
    score = 3 * has_name + 3 * is_sent + (is_given and not is_sent)
    around = [name for name in names[:-1] if not _PROMPTS_PEOPLE.search(name)]
    score += 2 * any(PROMPT_WORDS & {*words(name)} for name in around)
    of_words = _of_words(text, is_named=has_name)
    score += of_place + max(of_words, 0 if is_sent or of_place >= _ENOUGH else -2)
    score -= 3 * ("".join(own) in _LABELS and not (is_given or has_name))
    score -= 2 * _asks_people(names, text)
    score -= 2 * (_REASONS.search("/".join(names)) is not None and not has_name)
    score -= bool(_SELDOM_PROMPT_WORDS & {*own[-2:]} and not has_name)
    return score >= _ENOUGH


def _fills(callee: str) -> bool:
    return _FILLS.match(callee) is not None and _OF_SYSTEMS.isdisjoint(words(callee))


def _matches(candidate: Candidate, own: Sequence[str]) -> bool:
    """Whether a text is a regular expression, by what takes it or by its name, and its signs."""
    is_one = candidate.callee in {"compile", "RegExp"} or bool(_EXPRESSIONS & {*own[-1:]})
    return is_one and _OF_EXPRESSIONS.search(candidate.text) is not None


_EXPRESSIONS = {"re", "regex", "regexp", "pattern", "patterns"}
_OF_EXPRESSIONS = re.compile(r"\.[*+]|\(\?[:=!<iP]|\\[bdswBDSW]|\[\^")


def _asks_people(names: Sequence[str], text: str) -> bool:
    """Whether a program prompts a person, or tells them of an error."""
    around = names[:-1]
    has_keys = len(text) < _SHORT and _KEYS.search(text) is not None
    return (
        has_keys
        or bool(_TO_CONFIRM.search(text))
        or any(_PROMPTS_PEOPLE.search(name) or _ERROR.search(name) for name in around)
    )


_SHOWS = re.compile(
    r"(?i)(?:(?:show|display|print)\w{0,30}(?:toast|message|dialog|notification|error|warning)"
    r"|toast|alert|notify|confirm|echo|info|debug|warn|trace)\Z"
)
"""What shows a text to people, or logs it."""

_FILLS = re.compile(r"set(?:[A-Z]\w{0,20})?(?:Input|Text|Value|Draft|Query|Message)\Z")
"""What puts a text into an input, where a person may send it, or shows it: `setChatInput`."""

_OF_SYSTEMS = {"system", "developer", "instruction", "instructions"}
"""What a text is for that no person sends: `setSystemMessage`."""


_REASONS = re.compile(r"(?i)reason(?:/append)?\Z")
"""Why code came to a score, which it tells people."""

_TO_CONFIRM = re.compile(r"(?i)[\[(]y/n[\])]|\bpress (?:enter|return|any key) to\b")
_KEYS = re.compile(
    r"(?i)\bpress <?(?:space|tab|esc(?:ape)?|enter|return|(?:ctrl|cmd|shift)\W|['\"]\w['\"])"
    r"|\barrow keys\b"
)
"""What a person at a terminal is told to press."""

_PROMPTS_PEOPLE = re.compile(
    r"\A_{0,2}(?:(?i:prompt_(?:user|input|confirm|choice))|confirm(?:_|[A-Z]))"
)
_ERROR = re.compile(r"(?:Error|Exception|Warning)\Z")
_OF_SCHEMAS = {
    *("Field", "Query", "Param", "Option", "Argument", "add_argument", "option", "argument"),
}
"""What defines a part of a tool or a command, with its default, which may be a prompt."""

_TOOLS = {
    *("tool", "Tool", "createTool", "create_tool", "defineTool", "define_tool", "registerTool"),
    *("FunctionTool", "StructuredTool", "DynamicTool", "DynamicStructuredTool", "function_tool"),
}
_DEFINITIONS = {"spec", "specs", "tool", "tools", "schema", "schemas", "definition", "definitions"}
_ARGUMENTS = {"args", "arguments", "parameters", "properties", "fields", "inputSchema"}
"""What holds the arguments of a tool, each with texts that say what to write there."""


def _is_of_schema(candidate: Candidate) -> bool:
    """Whether a text describes a part of a tool or a command."""
    key = "".join(words(candidate.key)) or candidate.names[-1].partition("@")[0]
    is_label = key in _LABELS or key in {"help", "epilog", "examples"}
    is_part = candidate.callee in _OF_SCHEMAS or candidate.callee in _TOOLS
    if candidate.callee == "describe" or (is_part and is_label):
        return True
    return tells_of_prompts(candidate.names) or _is_of_argument(candidate)


def _is_of_argument(candidate: Candidate) -> bool:
    """Whether a text says what an argument of a tool holds: `addTaskSpec.args.0.aiPrompt`."""
    *around, _ = candidate.names
    places = [at for at, name in enumerate(around) if name in _ARGUMENTS]
    return any(_DEFINITIONS & {*words(name)[-1:]} for at in places for name in around[:at])


def _of_place(place: set[str]) -> int:
    """What the names of a file and its folder say for a text in it being a prompt."""
    return 3 if place & _PLACES_OF_PROMPTS else 2 * bool(place & PLACE_WORDS)


def _of_words(text: str, *, is_named: bool) -> int:
    """What the words of a text say for its being a prompt, and against it."""
    addressed = ADDRESSED.findall(text)
    begins = ADDRESSED.match(text.lstrip("\n [*#<>-")) is not None
    is_strong = STRONGLY.search(text) is not None
    is_for_people = bool(_FOR_PEOPLE.search(text) or (not is_named and _OF_ERRORS.search(text)))
    return (
        2 * is_strong
        + min(2, len(addressed))
        + begins
        + bool(_OF_MODELS.search(text))
        + (bool(addressed) and bool(_RULES.search(text)))
        - 2 * (not is_strong and len(text) < _SHORT and is_for_people)
    )


_SHORT = 600
"""Messages for people are seldom longer."""


_ENOUGH = 3


def _is_prose(text: str, *, is_named: bool) -> bool:
    """Whether a text is mostly words, and has sentences where no name says that it is a prompt."""
    count = len(_WORDS.findall(text))
    symbols = len(_SYMBOLS.findall(text))
    return count >= _LEAST_WORDS and (
        symbols <= _SYMBOLS_OF_NAMED * count
        if is_named
        else symbols <= count and bool(_SENTENCE.search(text))
    )
