"""The model that a serialized LangChain sequence calls, and what it is bound to."""

import json

from msgspec import Struct

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, plain
from reviewbot.prompt import RequestSetting, Tool
from reviewbot.prompt_formats._common.request_settings import answer_features, read_settings
from reviewbot.prompt_formats.langchain.templates import Source, constructor, is_null, text_of
from reviewbot.prompt_formats.tool_definitions import read_tools

_VERTEX = "vertex_ai"
_PROVIDERS = {
    "AzureChatOpenAI": "azure",
    "AzureOpenAI": "azure",
    "ChatAnthropic": "anthropic",
    "ChatAnthropicVertex": _VERTEX,
    "ChatBedrock": "aws",
    "ChatBedrockConverse": "aws",
    "ChatGoogleGenerativeAI": "google",
    "ChatGroq": "groq",
    "ChatMistralAI": "mistral",
    "ChatOpenAI": "openai",
    "ChatVertexAI": _VERTEX,
    "OpenAI": "openai",
    "VertexAI": _VERTEX,
}
_NAMES = ("azure_deployment", "deployment_name", "model_name", "model", "model_id")
_BOUND = ("tools", "functions", "bound", "kwargs", "config", "response_format", "vertexai")
_CAPS = ("max_tokens", "max_completion_tokens", "max_output_tokens", "max_tokens_to_sample")


class Bound(Struct, frozen=True, kw_only=True):
    """What a call takes beside its messages."""

    model: str | None = None
    max_tokens: int | None = None
    tools: tuple[Tool, ...] = ()
    response_schema: str | None = None
    answers: int = 1
    settings: tuple[RequestSetting, ...] = ()
    features: tuple[str, ...] = ()


def read_bound(node: Node | None, source: Source) -> Bound:
    """What the last step of a sequence says of the call.

    Raises:
        MeasurementError: Its tools or its cap cannot be read.
    """
    given = constructor(node)
    if given is None:
        return Bound()
    name, values = given
    if name == "RunnableBinding":
        inner = read_bound(values.get("bound"), source)
        extra = values.get("kwargs")
        kwargs = extra if isinstance(extra, MappingNode) else values
        tools = kwargs.get("tools") or kwargs.get("functions")
        answers, settings = _beside(kwargs, source)
        return Bound(
            model=inner.model,
            max_tokens=_cap(kwargs, source) or inner.max_tokens,
            tools=inner.tools if is_null(tools) else read_tools(tools or values, path=source.path),
            response_schema=_schema(kwargs.get("response_format"), source),
            answers=max(answers, inner.answers),
            settings=(*inner.settings, *settings),
            features=(*inner.features, *answer_features([kwargs])),
        )
    model = next((found for key in _NAMES if (found := text_of(values.get(key)))), None)
    provider = _VERTEX if _is_true(values.get("vertexai")) else _PROVIDERS.get(name)
    if model is not None and provider is not None and not model.startswith(f"{provider}/"):
        model = f"{provider}/{model}"
    answers, settings = _beside(values, source)
    return Bound(
        model=model,
        max_tokens=_cap(values, source),
        answers=answers,
        settings=settings,
        features=answer_features([values]),
    )


def schema_text(node: Node | None) -> str | None:
    """A structured prompt's schema as JSON text."""
    return None if node is None or is_null(node) else json.dumps(plain(node))


def _beside(values: MappingNode, source: Source) -> tuple[int, tuple[RequestSetting, ...]]:
    """The number of answers, and what else of the model's settings moves the bill."""
    return read_settings([values], path=source.path, counted=(*_CAPS, *_NAMES, *_BOUND))


def _cap(values: MappingNode, source: Source) -> int | None:
    caps = [cap for key in _CAPS if (cap := values.get(key)) is not None and not is_null(cap)]
    for cap in caps:
        if not isinstance(cap, Scalar) or type(cap.value) is not int or cap.value < 1:
            what = "the cap on output tokens is not a whole number above zero"
            raise source.refusal(what, cap)
    return min((int(cap.text) for cap in caps if isinstance(cap, Scalar)), default=None)


def _is_true(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.value is True


def _schema(node: Node | None, source: Source) -> str | None:
    if not isinstance(node, MappingNode) or text_of(node.get("type")) != "json_schema":
        return None
    outer = node.get("json_schema")
    schema = outer.get("schema") if isinstance(outer, MappingNode) else None
    if schema is None or isinstance(schema, ListNode):
        raise source.refusal("`response_format` has no `schema`", node)
    return schema_text(schema)
