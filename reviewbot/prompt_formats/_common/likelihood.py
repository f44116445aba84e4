"""How likely a text in source code is one that a model is sent, by its names, place and words."""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
PROMPT_WORDS = {
    *("prompt", "prompts", "template", "templates", "instruction", "instructions", "persona"),
    *("personas", "system", "sysprompt", "preamble", "backstory", "prompting"),
}
PLACE_WORDS = PROMPT_WORDS - {"system"} | {"metrics"}
_PLACES_OF_PROMPTS = {"prompt", "prompts", "prompting", "personas"}
"""Files and folders of these names hold little else."""

_MESSAGE = re.compile(
    r"(?:system|user|human|assistant|ai|developer)_?(?:message|msg|content)s?\Z", re.IGNORECASE
)
_TABLE = re.compile(
    r"(?:prompt|template|instruction)s\Z|_for_(?:[a-z]{1,20}_)?(?:llm|agent|model)s?\Z",
    re.IGNORECASE,
)
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

_ABOUT_PROMPTS = {
    *("name", "names", "id", "ids", "key", "keys", "type", "types", "path", "paths", "file"),
    *("files", "url", "version", "dir", "folder", "label", "model", "config", "hash"),
}
"""What a name ends with that tells something of a prompt, and is none: `prompt_name`."""

GIVEN_TO_MODELS = {
    *("Agent", "LlmAgent", "ChatAgent", "AssistantAgent", "LLMAgent", "Assistant", "Task"),
    *("generateText", "streamText", "generateObject", "streamObject", "generate", "complete"),
    *("create", "invoke", "ainvoke", "chat", "stream", "TextPrompt", "PromptTemplate", "llm"),
    *("RichPromptTemplate", "ChatPromptTemplate", "SystemMessage", "HumanMessage", "Message"),
    *("ChatMessage", "SystemMessagePromptTemplate", "HumanMessagePromptTemplate", "from_template"),
    *("fromTemplate", "make_assistant_message", "make_user_message", "BaseMessage", "UserMessage"),
    *("ask", "acomplete", "achat", "predict", "PromptHelper", "AIMessage", "generateContent"),
    *("user_message", "system_message", "add_user_message", "createAgent", "create_agent"),
}
_SENT_AS = {
    *("instructions", "system", "systemprompt", "systeminstruction", "systemmessage", "prompt"),
    *("backstory", "content", "userprompt", "template", "goal", "expectedoutput", "input"),
    *("systemcontent", "rolemsg", "text", "task"),
}
_BEFORE = r"(?:^|[\s\"'>#*])"
ADDRESSED = re.compile(
    rf"{_BEFORE}(?:You(?: are|'re| will| must| should| can| have been)\b|Act as\b"
    r"|Your (?:task|job|role|goal|primary|objective|main|response|answer|output|mission)"
    r"|As an? (?:AI|expert|assistant)|(?:Given|Based on|Using|Here (?:is|are)|Below (?:is|are)"
    r"|Analy[sz]e|Evaluate|Determine|Extract|Generate|Summari[sz]e|Classify|Identify|Rewrite"
    r"|Translate|Compare|Judge|Rate|Assess|Create|Provide|Respond|Answer|Return|Write|Consider"
    r"|Think|Please|Ensure|Avoid|Follow|Do not|Don't|Output|Use the|Focus on|Decide|Review"
    r"|Convert|Read the|Make sure|IMPORTANT|Remember|Discuss|Explain|Describe|Critique|Suggest"
    r"|Propose|Predict|Choose|Select|Assign|Score|List|Check (?:if|that|whether)|Find the"
    r"|Break down)\b)"
)
STRONGLY = re.compile(
    rf"{_BEFORE}(?:You(?: are|'re) (?:an?\b|the\b|now\b|given|tasked|in|going|asked|provided"
    r"|helping|responsible|working|[A-Z])|Your (?:task|job|role|goal|objective|mission) is"
    r"|Act as an?\b|As an (?:AI|expert)|step[- ]by[- ]step|(?:Respond|Reply|Answer|Output|Return)"
    r"(?: \w+){0,4} (?:JSON|with|only|in|as|the following)|\[System:)"
)
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
    r"|for more (?:information|details)|documentation|click|privacy|visit|browser window)\b"
    r"|(?:^|\s)(?:\$ |--[a-z]{3})|https?://"
)
_OF_ERRORS = re.compile(
    r"(?i)\b(?:failed to|could not|cannot be|unable to|not (?:found|installed|supported)"
    r"|is (?:required|deprecated|invalid))\b"
)
"""What errors say to people; under a name that says prompt it is said to a model."""

_SENTENCE = re.compile(r"[^\W\d_][\"'`)}>]?[.:!?\u0964](?:\s|$)|[\u3002\uff01\uff1f]")
_WORDS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f]|[^\W\d_]{2,}")
"""Words between blanks; in scripts that put none between words, each sign."""
_CODE = re.compile(
    r"\A\s*(?:<(?:!DOCTYPE|html|div|svg|style|script|\?xml)|SELECT\b|INSERT\b"
    r"|CREATE (?:TABLE|INDEX)|WITH \w+ AS|MATCH \(|import \w|from \w+ import|#!/|\{\s*\""
    r"|https?://|FROM \w+:|function\b|const \w|query \w*\s*[({]|mutation |ALTER |MERGE "
    r"|UPDATE \w+ SET|async def|def \w+\()"
)
_SYMBOLS_OF_NAMED = 3
"""For each word: what is named as a prompt may hold examples in JSON."""

_SYMBOLS = re.compile(r"[{}()\[\];=<>|\\/]")
LEAST_CHARACTERS = 100
"""Shorter texts under a name that says prompt are mostly names and titles."""

LEAST_NAMED = 30
"""From so many on, what is too short is named."""

TOO_SHORT = f"it is shorter than {LEAST_CHARACTERS} characters; name it if a model gets it"
LEAST_OF_CALLS = 60
"""Shorter texts in the call of a model are mostly names and formats."""

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


def place_words(path: str) -> frozenset[str]:
    """The words of a file's own name and of the folder around it, without endings.

    A package whose own name holds `prompt` would make every file look like one: only whole words
    of the two last names count.
    """
    *folders, name = path.split("/")
    return frozenset(
        word for part in (*folders[-2:], name.partition(".")[0]) for word in words(part)
    )


def words(name: str) -> list[str]:
    """The words of a name, in lower case: `SystemPrompt_2` has `system`, `prompt` and `2`."""
    return [word.lower() for word in _WORD.findall(name)]


def calls_a_model(callee: str) -> bool:
    """Whether what is called is known to send texts to a model."""
    return callee in GIVEN_TO_MODELS


def is_prompt(candidate: Candidate, place: Iterable[str]) -> bool:
    """Whether a text is likely one that a model is sent; `place` are `place_words` of its file."""
    names = [name for name in _named(candidate.names) if name]
    own = words(names[-1]) if names else []
    key = [*words(candidate.key)] if candidate.key else own
    text = candidate.text
    if len(text) > _MOST_READ:
        text = f"{text[: _MOST_READ // 2]}{text[-_MOST_READ // 2 :]}"
    is_given = candidate.callee in GIVEN_TO_MODELS or candidate.is_called
    is_sent = is_given and "".join(key) in _SENT_AS
    least = LEAST_OF_CALLS if is_sent else LEAST_CHARACTERS
    has_name = is_named(candidate.names)
    if len(candidate.text) < least or _CODE.match(text) or _is_of_schema(candidate):
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
    score -= bool(_SELDOM_PROMPT_WORDS & {*own[-2:]} and not has_name)
    return score >= _ENOUGH


def _asks_people(names: Sequence[str], text: str) -> bool:
    """Whether a program prompts a person, or tells them of an error."""
    around = names[:-1]
    return bool(_TO_CONFIRM.search(text)) or any(
        _PROMPTS_PEOPLE.search(name) or _ERROR.search(name) for name in around
    )


_TO_CONFIRM = re.compile(r"(?i)[\[(]y/n[\])]|\bpress (?:enter|return|any key) to\b")
_PROMPTS_PEOPLE = re.compile(r"(?i)\A_{0,2}prompt_(?:user|input|confirm|choice)")
_ERROR = re.compile(r"(?:Error|Exception|Warning)\Z")
_OF_SCHEMAS = {
    *("Field", "Query", "Param", "Option", "Argument", "add_argument", "option", "argument"),
}
"""What defines a part of a tool or a command, with its default, which may be a prompt."""


def _is_of_schema(candidate: Candidate) -> bool:
    """Whether a text describes a part of a tool or a command."""
    key = "".join(words(candidate.key)) or candidate.names[-1].partition("@")[0]
    is_label = key in _LABELS or key in {"help", "epilog", "examples"}
    return candidate.callee == "describe" or (candidate.callee in _OF_SCHEMAS and is_label)


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


def is_named(names: Iterable[str]) -> bool:
    """Whether a text's own name, or that of its table, says that it is a prompt."""
    plain = [name for name in _named(names) if name]
    if not plain:
        return False
    own = words(plain[-1])
    if plain[1:] and _TABLE.search(plain[-2]):
        return True
    is_of_prompts = not PROMPT_WORDS.isdisjoint(own) or bool(_MESSAGE.search(plain[-1]))
    return is_of_prompts and own[-1] not in _ABOUT_PROMPTS


_ENOUGH = 3


def _named(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        plain = name.partition("@")[0]
        if not plain.isdecimal() and plain not in {"return", "left", "right", "self", "this"}:
            yield plain


def _is_prose(text: str, *, is_named: bool) -> bool:
    """Whether a text is mostly words, and has sentences where no name says that it is a prompt."""
    count = len(_WORDS.findall(text))
    symbols = len(_SYMBOLS.findall(text))
    return count >= _LEAST_WORDS and (
        symbols <= _SYMBOLS_OF_NAMED * count
        if is_named
        else symbols <= count and bool(_SENTENCE.search(text))
    )
