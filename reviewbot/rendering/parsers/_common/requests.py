"""How libraries of both languages name the parts of a request to a model.

The names are those of the SDKs of OpenAI, Anthropic, Google (google-genai, vertexai), AWS Bedrock,
LangChain, LiteLLM, the Vercel AI SDK and the agent frameworks (as of autumn 2026). A library that
names a part otherwise is one more word in a table here.
"""

from collections.abc import Container
from typing import Final

MODELS: Final = ("model", "model_name", "modelName", "modelId", "model_id", "llm", "model_client")
_OWN_MODELS: Final = frozenset(
    {
        *("modelstr", "modelstring", "modelslug", "modelkey", "llmmodel", "llmmodelname"),
        *("llmmodelid", "llmname", "llmid", "chatmodel", "chatmodelname", "completionmodel"),
        *("openaimodel", "openaimodelname", "gptmodel", "usemodel"),
    }
)
"""What libraries of one's own call the argument that names a model, without case and `_`."""

CAPS: Final = (
    *("max_tokens", "max_completion_tokens", "max_output_tokens"),
    *("maxTokens", "maxCompletionTokens", "maxOutputTokens"),
)
SETTINGS: Final = (
    *("config", "generation_config", "generationConfig", "inferenceConfig"),
    *("model_settings", "modelSettings", "defaultOptions", "generate_content_config"),
    *("generateContentConfig", "prompt_execution_settings", "execution_settings", "llm_config"),
    *("generation_kwargs", "llmConfig", "executionSettings", "run_config", "runConfig"),
)
"""Arguments that hold further ones of the request, among them the cap and instructions."""

OF_MODELS: Final = frozenset(SETTINGS) - {"config", "defaultOptions"}
"""Those of them that hold nothing else."""

SYSTEM: Final = (
    *("system", "instructions", "system_prompt", "systemPrompt", "system_instruction"),
    *("systemInstruction", "systemMessage", "system_message"),
)
USER: Final = ("prompt", "input", "userPrompt", "contents")
LISTS: Final = ("messages",)

RETRIES: Final = ("max_retries", "maxRetries", "num_retries", "numRetries", "retries")
"""Arguments that say how often a request, or an answer that does not fit, is asked for again."""

SCHEMAS: Final = frozenset(
    {
        *("response_format", "responseFormat", "response_model", "responseModel", "output_type"),
        *("outputType", "result_type", "text_format", "textFormat", "response_schema", "schema"),
        *("responseSchema", "response_json_schema", "responseJsonSchema", "output_schema"),
        *("outputSchema", "output_format", "outputFormat", "structured_output", "output_cls"),
        *("structuredOutput", "output_pydantic", "output_json", "structured_output_model"),
    }
)
"""Arguments that give the schema of an answer, which is sent with each request."""

PROVIDERS: Final = ("model_provider", "modelProvider")
"""Arguments that name who sells the model."""

NAMED_FIRST: Final = frozenset(
    {"init_chat_model", "initChatModel", "GenerativeModel", "completion", "acompletion", "LLM"}
)
"""What is called with a model as its first argument."""

RUNS: Final = frozenset(
    {
        *("invoke", "ainvoke", "stream", "astream", "batch", "abatch", "predict", "complete"),
        *("stream_chat", "astream_chat", "stream_complete", "astream_complete", "apredict"),
        "generate_stream",
        *("acomplete", "chat", "achat", "generate_content", "generate_content_async", "bind"),
        *("send_message", "generateContent", "generateContentStream", "sendMessage", "bind_tools"),
        *("bindTools", "with_structured_output", "withStructuredOutput", "withConfig"),
        *("with_config", "with_retry", "withRetry", "start_chat", "startChat", "pipe"),
        *("with_fallbacks", "withFallbacks", "configurable_fields", "configurableFields"),
        *("configurable_alternatives", "configurableAlternatives"),
    }
)
"""Methods of an object that was made with its model and its cap."""

GIVEN_FIRST: Final = {
    **dict.fromkeys(("bind_tools", "bindTools"), "tools"),
    **dict.fromkeys(("with_structured_output", "withStructuredOutput"), "response_format"),
    **dict.fromkeys(("with_fallbacks", "withFallbacks"), "fallbacks"),
    **dict.fromkeys(("configurable_alternatives", "configurableAlternatives"), "alternatives"),
}
"""Methods whose first argument is a setting, and which one."""

SCHEMA_FIRST: Final = {
    **{name: key for name, key in GIVEN_FIRST.items() if key == "response_format"},
    **dict.fromkeys(("zodResponseFormat", "zodTextFormat"), "response_format"),
}
"""Functions whose first argument is the schema of an answer, and what it is a setting of."""

INPUT_FIRST: Final = frozenset(
    {"invoke", "ainvoke", "stream", "astream", "batch", "abatch", "predict", "pipe"}
)
"""Methods whose first argument is what is sent; settings stand behind it."""

SAY_NOTHING_OF_THE_REQUEST: Final = frozenset({"with_retry", "withRetry", "pipe"})
"""Methods that say nothing of the request."""

_INPUTS: Final = frozenset(
    {
        *("inputs", "message", "content", "query", "question", "history", "chat_history"),
        *("chatHistory", "text", "return_exceptions", "include_raw", "includeRaw", "callbacks"),
    }
)
"""Arguments of such methods that are what is sent, or how its answer comes."""

_OF_AGENTS: Final = frozenset(
    {
        *("tools", "functions", "toolsets", "mcp_servers", "mcpServers", "n"),
        *("output_type", "outputType", "result_type", "response_format", "responseFormat"),
        *("service_tier", "serviceTier", "reasoning", "reasoning_effort", "reasoningEffort"),
        *("thinking", "base_url", "baseURL", "provider_options", "providerOptions"),
        *("function_calling_llm", "manager_llm", "planning_llm"),
        *("extra_body", "max_iter", "max_turns", "maxTurns", "max_steps", "maxSteps", "stopWhen"),
    }
)
"""Arguments that move the bill of whatever is made with a model: agents, tasks, chains."""

SENDING: Final = frozenset(
    {
        *("create", "parse", "stream", "completion", "acompletion"),
        *("generate_content", "generate_content_stream", "converse", "converse_stream"),
        *("generateContent", "generateContentStream", "ConverseCommand", "ConverseStreamCommand"),
        *("generateText", "streamText", "generateObject", "streamObject"),
    }
)
RUN_A_MODEL: Final = RUNS | SENDING
"""Names of whatever may send a request, whatever it is given."""

SENT: Final = (*LISTS, *USER)

READ_ELSEWHERE: Final = frozenset({*MODELS, *CAPS, *SETTINGS, *SYSTEM, *USER, *LISTS})
"""What is read as the call's model, cap and messages."""

MOST_CHARACTERS: Final = 10_000
"""Characters of an argument's JSON; a longer one is told by its name alone."""

_SELLERS: Final = {
    **dict.fromkeys(("google_genai", "google-genai"), "google"),
    **dict.fromkeys(("google_vertexai", "google-vertexai"), "vertex_ai"),
    "azure_openai": "azure",
    "bedrock_converse": "bedrock",
    "mistralai": "mistral",
}
"""LangChain's names of providers, as other tools call them."""


def says_model(key: str) -> bool:
    """Whether an argument of a library of one's own names the model that answers."""
    return key.replace("_", "").lower() in _OWN_MODELS


def says_model_of_any(key: str) -> bool:
    """Whether an argument names a model by its name, which may be one that judges or embeds."""
    return "model" in (said := key.lower()) or "llm" in said


def sends_a_request(callee: str, keys: Container[str]) -> bool:
    """Whether the arguments of a call are the keys of a request, by what it is called."""
    has_model = is_whole(keys) or any(key in keys for key in (*MODELS, "engine"))
    return callee in SENDING and has_model and any(key in keys for key in SENT)


def is_whole(keys: Container[str]) -> bool:
    """Whether keys give both halves of a request: instructions, and what is said beside them."""
    return any(key in keys for key in SYSTEM) and any(key in keys for key in (*USER, *LISTS))


def is_setting(key: str, callee: str, keys: Container[str], *, is_model: bool) -> bool:
    """Whether an argument of a call that makes, runs or asks a model is a setting of its requests.

    `is_model` says that the call gives what stands for a model.
    """
    if key in READ_ELSEWHERE or callee in SAY_NOTHING_OF_THE_REQUEST:
        return False
    if sends_a_request(callee, keys):
        return True
    return key not in _INPUTS if is_model or callee in RUNS else key in _OF_AGENTS


def sold_by(provider: str | None, model: str) -> str:
    """A model's name with its provider, `openai/gpt-4o`; one of its own stays as it is."""
    before, _, name = model.partition(":")
    if provider is None and before in _SELLERS:
        provider, model = before, name
    return model if provider is None else f"{_SELLERS.get(provider, provider)}/{model}"
