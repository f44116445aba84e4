"""What the names in source code say of a text: that it is a prompt, or that a model gets it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
PROMPT_WORDS = {
    *("prompt", "prompts", "template", "templates", "instruction", "instructions", "persona"),
    *("personas", "system", "sysprompt", "preamble", "backstory", "prompting"),
}
PLACE_WORDS = PROMPT_WORDS - {"system"} | {"metrics"}
_MESSAGE = re.compile(
    r"(?:system|user|human|assistant|ai|developer)_?(?:message|msg|content)s?\Z", re.IGNORECASE
)
_TABLE = re.compile(
    r"(?:prompt|template|instruction)s\Z|_for_(?:[a-z]{1,20}_)?(?:llm|agent|model)s?\Z",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(r"(?:prompt|instruction|template)s?_?descriptions?\Z", re.IGNORECASE)
"""Names of texts that tell a person or a tool what a prompt is: `AI_PROMPT_DESCRIPTION`."""

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
LEAST_CHARACTERS = 100
"""Shorter texts under a name that says prompt are mostly names and titles."""

LEAST_NAMED = 30
"""From so many on, what is too short is named."""

TOO_SHORT = f"it is shorter than {LEAST_CHARACTERS} characters; name it if a model gets it"
SHORT_AND_UNNAMED = (
    f"it is shorter than {LEAST_CHARACTERS} characters, and its name says no prompt; "
    "name it if a model gets it"
)
FEW_WORDS = "it has a few words only; name it if a model gets it"
UNNAMED = "its name says no prompt; name it if a model gets it"
NOT_SAID = (TOO_SHORT, SHORT_AND_UNNAMED, UNNAMED, FEW_WORDS)
LEAST_OF_CALLS = 60
"""Shorter texts in the call of a model are mostly names and formats."""


def place_words(path: str) -> frozenset[str]:
    """The words of a file's own name and of the folder around it, without endings.

    A package whose own name holds `prompt` would make every file look like one: only whole words
    of the two last names count.
    """
    *folders, name = path.split("/")
    return frozenset(
        word for part in (*folders[-2:], name.partition(".")[0]) for word in words(part)
    )


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case: `SystemPrompt_2` has `system`, `prompt` and `2`."""
    return tuple(map(str.lower, _WORD.findall(name)))


def calls_a_model(callee: str) -> bool:
    """Whether what is called is known to send texts to a model."""
    return callee in GIVEN_TO_MODELS


def is_named(names: Iterable[str]) -> bool:
    """Whether a text's own name, or that of its table, says that it is a prompt."""
    plain = [name for name in telling_names(names) if name]
    if not plain:
        return False
    own = words(plain[-1])
    if tells_of_prompts(plain):
        return False
    if plain[1:] and (_TABLE.search(plain[-2]) or _is_of_message(plain)):
        return True
    is_of_prompts = not PROMPT_WORDS.isdisjoint(own) or bool(_MESSAGE.search(plain[-1]))
    return is_of_prompts and own[-1] not in _ABOUT_PROMPTS


def tells_of_prompts(names: Iterable[str]) -> bool:
    """Whether a text's own name, or that of its table, says that it describes a prompt."""
    return any(_DESCRIBES.search(name) for name in [*telling_names(names)][-2:])


def _is_of_message(plain: Sequence[str]) -> bool:
    """Whether it is the text of a message in a list that is not told as a whole."""
    return plain[-1] in {"content", "text"} and "messages" in plain[:-1]


def telling_names(names: Iterable[str]) -> Iterator[str]:
    """The names that tell something: no positions, and no `self` or `return`."""
    for name in names:
        plain = name.partition("@")[0]
        if not plain.isdecimal() and plain not in {"return", "left", "right", "self", "this"}:
            yield plain
