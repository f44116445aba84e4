"""What moves the bill of a request beside its texts: how many answers, and settings such as tiers.

The names are those of the providers' own APIs, in each SDK's spelling (OpenAI's
CompletionCreateParams and ResponseCreateParams, Anthropic's MessageCreateParams, Gemini's
GenerateContentConfig, as of autumn 2026). What is known to be free is listed; any other key is a
setting, so that a key which nobody knows is never silently free.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator

from msgspec.structs import replace

from reviewbot.documents import Entry, ListNode, MappingNode, Node, Scalar, plain
from reviewbot.prompt import RequestSetting
from reviewbot.prompt_formats._common.problems import wrong

TOOLS = ("tools", "functions")
"""The keys of requests that give tools."""

SPREAD = "**"
"""The key of what code spreads into a request."""

_ANSWERS = {"n", "bestof", "candidatecount", "numcandidates", "resultsperprompt", "numgenerations"}
_MOST_ANSWERS = 1_000
_CAPS = {"maxtokens", "maxcompletiontokens", "maxoutputtokens"}
_FREE = {
    # sampling: the APIs of OpenAI, Anthropic, Gemini and Mistral; vLLM, TGI, Together
    *("temperature", "topp", "topk", "minp", "typicalp", "seed", "randomseed", "stop"),
    *("stopsequences", "frequencypenalty", "presencepenalty", "repetitionpenalty", "logitbias"),
    *("logprobs", "toplogprobs", "responselogprobs"),
    # OpenAI: how the answer comes, and what is kept of it
    *("stream", "streamoptions", "store", "metadata", "include", "background"),
    *("backgroundoptions", "user", "safetyidentifier", "promptcachekey", "paralleltoolcalls"),
    *("moderation", "responseformat"),
    # Anthropic: MessageCreateParams, and its body on Bedrock and Vertex
    *("disableparalleltooluse", "userprofileid", "workspaceid", "diagnostics"),
    *("anthropicversion", "userid"),
    # Gemini, as of its GenerateContentConfig
    *("labels", "safetysettings", "responsemimetype", "responseschema"),
    # clients: RequestOptions and constructors of the SDKs
    *("timeout", "requesttimeout", "connecttimeout", "readtimeout", "maxretries", "retries"),
    *("retry", "httpclient", "httpasyncclient", "apikey", "apiversion", "organization"),
    *("organizationid", "project", "projectid", "abortsignal", "signal"),
    # AI SDK 5 to 7: call settings and lifecycle callbacks
    *("onfinish", "onchunk", "onerror", "onabort", "onstart", "onend", "onstepstart"),
    *("onstepfinish", "onstepend", "ontoolcallstart", "ontoolcallfinish"),
    *("ontoolexecutionstart", "ontoolexecutionend", "experimentalonstart"),
    *("experimentalonstepstart", "experimentalontoolcallstart", "experimentalontoolcallfinish"),
    *("experimentaltelemetry", "telemetry", "experimentalcontext", "runtimecontext"),
    *("includerawchunks", "sessionid", "requestid", "experimentaltransform"),
    *("experimentalinclude", "experimentaltoolapprovalsecret", "toolcallconcurrency", "internal"),
    *("onlanguagemodelcallstart", "onlanguagemodelcallend", "onsteperror", "generateid"),
    *("experimentalonlanguagemodelcallstart", "experimentalonlanguagemodelcallend"),
    *("generatecallid", "experimentalgeneratemessageid", "experimentalrepairtext"),
    *("allowsysteminmessages", "calloptionsschema"),
    # LangChain: RunnableConfig, BaseChatModel and its providers
    *("streaming", "streamusage", "disablestreaming", "callbacks", "callbackmanager", "tags"),
    *("runname", "runid", "maxconcurrency", "ratelimiter", "cache", "verbose"),
    *("includeresponseheaders", "onfailedattempt", "outputversion"),
    # the OpenAI Agents SDK, as of its RunConfig
    *("workflowname", "groupid", "traceid", "tracemetadata", "tracingdisabled"),
    "traceincludesensitivedata",
    # LiteLLM, as of its `completion`
    *("litellmcallid", "litellmtraceid", "streamtimeout"),
    # promptfoo: options of its own providers
    *("apikeyenvar", "cost", "functiontoolcallbacks"),
    # Semantic Kernel: PromptExecutionSettings
    *("type", "name", "extensiondata", "tokenselectionbiases"),
}
"""Keys that cost nothing, each with where it is documented or declared, as of November 2026."""

_WHO_SERVES = {
    *("apihost", "apibaseurl", "apibaseurlenvar", "baseurl", "openaiapibase", "endpoint"),
    *("azureendpoint", "apitype", "apibase", "headers", "extraheaders", "defaultheaders"),
    *("extraquery", "defaultquery", "region", "regionname", "awsregion", "awsregionname"),
    *("location", "vertexlocation", "model", "modelname", "modelid", "deployment"),
    *("deploymentid", "deploymentname", "azuredeployment", "serviceid", "version"),
    *("vertexai", "engine"),
}
"""Keys that say who answers, and where: they cost nothing, but another price may hold there."""


def read_settings(
    mappings: Iterable[MappingNode], *, path: str, counted: Collection[str]
) -> tuple[int, tuple[RequestSetting, ...]]:
    """The number of answers that a call asks for, and its other settings that move the bill.

    `counted` are the keys that the format counts itself.

    Raises:
        MeasurementError: The number of answers is none.
    """
    answers = 1
    settings = []
    known = {_plainly(key) for key in counted} | _FREE
    for entry in _entries(mappings):
        name = _plainly(entry.key)
        if name in known or "apikey" in name or _is_nothing(entry.value) or _is_of_logs(entry):
            continue
        if name in _ANSWERS:
            answers = max(answers, _answers(entry, path))
        else:
            setting = _setting(entry.key, entry.value, path, entry.key_line)
            settings.append(replace(setting, says_who_serves=name in _WHO_SERVES))
    return answers, tuple(settings)


def _is_of_logs(entry: Entry) -> bool:
    """Whether it is headers that say who asks and what for, and nothing of the service."""
    if not isinstance(entry.value, MappingNode) or _plainly(entry.key) not in _HEADERS:
        return False
    return all(_OF_LOGS.fullmatch(item.key) for item in entry.value.entries)


_HEADERS = {"headers", "extraheaders", "defaultheaders"}
_OF_LOGS = re.compile(
    r"(?i)(?:x-)?(?:trace|trace-?id|request-?id|correlation-?id|session-?id|user-?id|title|client)"
    r"|user-agent|(?:http-)?referer|idempotency-key|traceparent|tracestate|baggage"
)
"""Headers that say who asks, and what for."""


def moves_the_bill(key: str) -> bool:
    """Whether a key of a request may move what its input is billed for."""
    return _plainly(key) not in _FREE | _WHO_SERVES | _ANSWERS | _CAPS


def is_free(key: str) -> bool:
    """Whether a key of a request costs nothing, whatever its value is."""
    return _plainly(key) in _FREE or "apikey" in _plainly(key)


def says_who_serves(key: str) -> bool:
    """Whether a key of a request says who answers it, and where."""
    return _plainly(key) in _WHO_SERVES


def answer_features(mappings: Iterable[MappingNode]) -> tuple[str, ...]:
    """What is peculiar to the answer's format that requests ask for, in order; none of a schema.

    `json_object` where it has to be JSON; the key itself where nobody knows what it asks for.
    """
    found = {_format_feature(entry) for entry in _entries(mappings)}
    return tuple(sorted(feature for feature in found if feature is not None))


def _format_feature(entry: Entry) -> str | None:
    name = _plainly(entry.key)
    node: Node | None = entry.value
    if name in _FORMAT_HOLDERS:
        node = node.get("format") if isinstance(node, MappingNode) else None
    elif name not in _FORMATS:
        return None
    kind = node.get("type") if isinstance(node, MappingNode) else node
    if kind is None or _is_nothing(kind):
        return None
    said = kind.value if isinstance(kind, Scalar) else None
    return _KINDS_OF_FORMATS.get(said, entry.key) if isinstance(said, str) else entry.key


_FORMATS = {"responseformat", "outputformat", "responsemimetype"}
_FORMAT_HOLDERS = {"text", "outputconfig"}
"""Mappings whose `format` is the answer's: those of the Responses API and of Anthropic's."""

_KINDS_OF_FORMATS = {
    **dict.fromkeys(("text", "text/plain", "json_schema")),
    **dict.fromkeys(("json", "json_object", "application/json"), "json_object"),
}
"""What each kind of format is called among the features; a schema is counted by itself."""


def cache_lifetimes(node: Node, *, path: str) -> tuple[RequestSetting, ...]:
    """The lifetimes of cached prefixes that marks in messages and tools ask for, each once."""
    found: dict[str, RequestSetting] = {}
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ListNode):
            waiting += node.items
        elif isinstance(node, MappingNode):
            for entry in node.entries:
                lifetime = entry.value.get("ttl") if isinstance(entry.value, MappingNode) else None
                if _plainly(entry.key) in {"cachecontrol", "cachepoint"} and lifetime is not None:
                    setting = _setting("cache_control.ttl", lifetime, path, entry.key_line)
                    found.setdefault(setting.value, setting)
                waiting.append(entry.value)
    return tuple(found[value] for value in sorted(found))


def _entries(mappings: Iterable[MappingNode]) -> Iterator[Entry]:
    """The keys of a request: also those that are passed on to it, and the parts of some values."""
    for mapping in mappings:
        for entry in mapping.entries:
            name, inner = _plainly(entry.key), entry.value
            if isinstance(inner, MappingNode) and name in _PASSED_ON:
                yield from _entries([inner])
            elif isinstance(inner, MappingNode) and name in _OPENED:
                for part in inner.entries:
                    yield Entry(
                        key=f"{entry.key}.{part.key}", key_line=part.key_line, value=part.value
                    )
            else:
                yield entry


_PASSED_ON = {
    *("passthrough", "modelkwargs", "extrabody", "additionalproperties", "generationconfig"),
    *("inferenceconfig", "additionalmodelrequestfields", "kwargs", "**"),
}
"""Mappings whose entries are keys of the request themselves."""

_OPENED = {"reasoning", "thinking", "thinkingconfig"}
"""Mappings whose entries are told apart."""


def _answers(entry: Entry, path: str) -> int:
    node = entry.value
    if isinstance(node, Scalar) and type(node.value) is int and 1 <= node.value <= _MOST_ANSWERS:
        return node.value
    what = f"`{entry.key}` is not a number of answers from 1 to {_MOST_ANSWERS:,}"
    raise wrong(what, f"write it like `{entry.key}: 1`", path=path, line=node.line)


def _setting(key: str, node: Node, path: str, line: int) -> RequestSetting:
    value = json.dumps(plain(node), ensure_ascii=False, sort_keys=True)
    return RequestSetting(key=key, value=value, path=path, line=line)


def _plainly(key: str) -> str:
    """A key in no SDK's spelling: `maxTokens`, `max_tokens` and `max-tokens` are one."""
    return re.sub(r"[_-]", "", key).lower()


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
