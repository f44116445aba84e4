"""Which statements send something to a model, as their words say."""

import re
from collections.abc import Sequence
from typing import Final

from reviewbot.prompts.models_in_code.statements import Statement

_METHOD = re.compile(
    r"\.(?:a?invoke|generate_content(?:_async|_stream)?|converse(?:_stream)?|invoke_model\w{0,30}"
    r"|with_structured_output|bind_tools|a?stream_events|a?stream_chat"
    r"|run_sync|kickoff\w{0,20})\s{0,3}\("
)
_BY_RECEIVER = re.compile(
    r"(?:completions|messages|responses|llm|LLM|client|chat|chain|agent|model|openai"
    r"|anthropic|gpt|claude|gemini)\s{0,3}\.\s{0,3}"
    r"(?:create|parse|stream|astream|a?complete|a?chat|a?generate|a?batch|a?run|a?query"
    r"|ask|completion|acompletion|generate_text|call|acall)\s{0,3}\("
)
_FUNCTION = re.compile(
    r"(?:_llm|\b(?:a?completion|llm|a?call_(?:openai|claude|gpt|gemini|anthropic|model)"
    r"|ask_(?:openai|claude|gpt|gemini|model)))\s{0,3}\("
    r"|(?:llm|LLM|chain|chat)\s{0,3}\.\s{0,3}a?predict\w{0,20}\s{0,3}\("
    r"|(?:chat|conversation)\s{0,3}\.\s{0,3}send_message\w{0,20}\s{0,3}\("
)
_MAKES: Final = (
    r"Agent|LlmAgent|ChatAgent|AssistantAgent|LLMAgent|Assistant|Task|SystemMessage|HumanMessage"
    r"|AIMessage|UserMessage|ChatMessage|PromptTemplate|ChatPromptTemplate|from_template"
    r"|from_messages|SystemMessagePromptTemplate|HumanMessagePromptTemplate|RichPromptTemplate"
    r"|create_agent|create_react_agent|GenerativeModel|GenerateContentConfig"
)
_MADE = re.compile(rf"\b(?:{_MAKES})\s{{0,3}}\(")
_NO_RECEIVER = re.compile(
    r"\b(?:objects|runner|ctx|context|cli|http_client|httpx|requests|session|db|redis\w{0,20}"
    r"|s3\w{0,20}|docker\w{0,20}|subprocess)\s{0,3}\.\s{0,3}\w{1,30}\s{0,3}\("
)
_GRAPH = re.compile(
    r"\b(?:\w{1,60}_)?(?:sub)?(?:graph|workflow|app|tool)s?\s{0,3}\.\s{0,3}"
    r"(?:compile|a?invoke|a?stream|a?stream_events)\s{0,3}\("
)
"""What runs a graph: its nodes ask models with texts of their own."""

_TO_PEOPLE = re.compile(
    r"\s{0,200}(?:raise|assert|del|import|from|global|nonlocal|print"
    r"|(?:[\w.]{1,60}\.)?(?:log|logger|logging|debug|info|warning|warn|error|exception|critical)"
    r"\s{0,3}[.(])"
)


def asks(statement: Statement) -> bool:
    """Whether a statement asks a model something."""
    said = statement.said
    if statement.head_of or not may_ask(said):
        return False
    return _NO_RECEIVER.search(said) is None


def may_ask(said: str) -> bool:
    """Whether some code, without its texts, says a call that may be of a model."""
    return any(one.search(said) for one in (_METHOD, _FUNCTION, _BY_RECEIVER))


def sends(statement: Statement) -> bool:
    """Whether a statement sends something, or makes what a model is sent."""
    if asks(statement) or _MADE.search(statement.said):
        return True
    texts = {item.said for item in statement.literals}
    return "role" in texts and "content" in texts


def only_runs_a_graph(said: str, places: Sequence[int]) -> bool:
    """Whether what stands at all places of some code is a graph, which is run there."""
    runs = [one.span() for one in _GRAPH.finditer(said)]
    return bool(runs and places) and all(
        any(begins <= at < said.rindex(".", begins, ends) for begins, ends in runs) for at in places
    )


def is_for_people(statement: Statement) -> bool:
    """Whether what stands in a statement goes to people, or nowhere."""
    return _TO_PEOPLE.match(statement.said) is not None
