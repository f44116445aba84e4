"""Who sells the models that a client asks for, by its class, its package or its address.

A model is billed by whoever serves it, also where its maker stands in its name:
`meta-llama/Llama-3.3-70B-Instruct-Turbo` costs what Together takes, if its client is asked.
"""

import re
from typing import Final

_RESELLERS: Final = {
    name: name
    for name in (
        *("baseten", "cerebras", "deepinfra", "fireworks", "groq", "hyperbolic", "nebius"),
        *("novita", "ollama", "openrouter", "sambanova", "together"),
    )
}
"""Who sells what others make; the names are those that stand before a model's."""

_MAKERS: Final = {
    "amazonbedrock": "bedrock",
    "anthropic": "anthropic",
    "azure": "azure",
    "bedrock": "bedrock",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "google": "google",
    "googlegenerative": "google",
    "mistral": "mistral",
    "openai": "openai",
    "perplexity": "perplexity",
    "vertex": "vertex_ai",
    "xai": "xai",
}
_ADDRESSES: Final = {
    "anthropic": "anthropic",
    "deepseek": "deepseek",
    "mistral": "mistral",
    "moonshot": "moonshotai",
    "perplexity": "perplexity",
    "x": "xai",
    "z": "zai",
}
"""Makers by the word in front of the last one of a host: `api.deepseek.com`."""

BASE_URLS: Final = (
    *("base_url", "baseURL", "baseUrl", "api_base", "apiBase", "openai_api_base", "basePath"),
    "openAIApiBase",
)
"""Arguments of clients that say where these send their requests."""

_AROUND = re.compile(r"\A(?:create|async|chat|from_)|(?:ai|model|chatmodel|cloud|llm|provider)\Z")
_HOST = re.compile(r"\A[a-z]{1,10}://([^/:?#@\s]{1,200})(:11434)?")
_PACKAGE = re.compile(r"[@/_-]")
_OF_THE_PROJECT = (".", "/", "@/", "~", "#")
"""How paths of the project's own files begin."""


def is_reseller(seller: str) -> bool:
    """Whether one sells what others make, under names that begin with the makers'."""
    return seller in _RESELLERS


def reseller_of(name: str) -> str | None:
    """Who sells other makers' models by a class or function: `ChatGroq`, `createTogetherAI`."""
    return _RESELLERS.get(_bare(name))


def seller_of(name: str) -> str | None:
    """Who sells models by what makes a provider of them: `createOpenAI`, and all resellers."""
    made = name.lower().removeprefix("create")
    own = _MAKERS.get(made) or _MAKERS.get(made.removesuffix("ai"))
    return reseller_of(name) or (own if name.startswith("create") else None)


def seller_of_package(package: str) -> str | None:
    """Who sells models by a package: `@ai-sdk/togetherai`, `@openrouter/ai-sdk-provider`."""
    if package.startswith(_OF_THE_PROJECT):
        return None
    words = [_bare(word) for word in _PACKAGE.split(package)]
    return next((_RESELLERS[word] for word in words if word in _RESELLERS), None) or (
        _MAKERS.get(package.removeprefix("@ai-sdk/").replace("-", ""))
        if package.startswith("@ai-sdk/")
        else None
    )


def seller_at(url: str) -> str | None:
    """Who answers at an address; None where that is not known."""
    found = _HOST.match(url.lower())
    if found is None:
        return None
    if found[2] is not None:
        return "ollama"
    labels = found[1].split(".")
    words = [word for label in labels for word in label.split("-")]
    sold = next((_RESELLERS[word] for word in words if word in _RESELLERS), None)
    return sold or (_ADDRESSES.get(labels[-2]) if len(labels) > 1 else None)


def sold_at(seller: str | None, model: str) -> str:
    """A model's name with who sells it, once."""
    if seller is None:
        return model
    is_said = model.lower().startswith((f"{seller}/", f"{seller}_ai/"))
    return model if is_said else f"{seller}/{model}"


def _bare(name: str) -> str:
    bare = name.rpartition(".")[2].lower()
    for _ in range(_MOST_AROUND):
        if bare in _RESELLERS:
            break
        bare = _AROUND.sub("", bare)
    return bare.replace("-", "").replace("_", "")


_MOST_AROUND = 2
"""Times that words around a name are taken off: `AsyncTogetherAI`."""
