"""Which calls give what a model answers: of what they are given nothing is sent on."""

import re
from typing import Final

from reviewbot.rendering.parsers._common.receivers import classes_of
from reviewbot.rendering.parsers._common.requests import INPUT_FIRST
from reviewbot.rendering.parsers._common.sent_parts import Called, Named, Part, gives_an_answer

_GIVING_A_MODEL: Final = {
    *("bind", "bind_tools", "bindTools", "with_structured_output", "withStructuredOutput", "pipe"),
    *("with_config", "withConfig", "with_retry", "withRetry", "with_fallbacks", "withFallbacks"),
    *("configurable_fields", "configurableFields", "configurable_alternatives", "start_chat"),
    *("configurableAlternatives", "startChat"),
}
"""Methods of models that give a model, and no answer yet."""

_OF_AGENTS: Final = {
    *(
        "run",
        "arun",
        "run_sync",
        "run_stream",
        "runSync",
        "step",
        "astep",
        "kickoff",
        "ask",
        "aask",
    ),
    *("generate", "agenerate", "query", "aquery", "respond", "execute", "call", "acall", "send"),
    *("generate_response", "generateResponse", "get_response", "getResponse", "complete_text"),
}
_AGENT = re.compile(
    r"(?i)agent|model|llm|client|chain|engine|assistant|crew|team|worker|runner|session|chat|judge"
    r"|evaluator|predictor|(?:\b|_)lm\b|bot\b"
)
"""What objects are called that run a model by such a method."""


def is_answer(call: Called) -> bool:
    """Whether a call gives an answer, by its name, its arguments, or by what it is a method of."""
    if call.name in _GIVING_A_MODEL:
        return False
    if is_run(call):
        return True
    return call.name in _OF_AGENTS and call.of is not None and _is_agent(call.of)


def is_run(call: Called) -> bool:
    """Whether it is told by its name or its arguments alone that a call runs a model."""
    return gives_an_answer(call.name, call.named)


def is_answer_kept(part: Part) -> bool:
    """Whether a part is surely what a model answers, and nothing of what it was sent."""
    if not isinstance(part, Called) or part.name in _GIVING_A_MODEL:
        return False
    if part.name in INPUT_FIRST:  # a template is run by these too, and gives a prompt
        return part.of is not None and _is_agent(part.of)
    return is_answer(part)


def _is_agent(receiver: Part) -> bool:
    own = (receiver.steps[-1],) if isinstance(receiver, Named) else ()
    return any(map(_AGENT.search, (*own, *classes_of(receiver))))
