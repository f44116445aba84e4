"""Takes the name of a model apart, as people, gateways and clouds write it.

`bedrock/converse/us-east-1/anthropic.claude-opus-4-8-v1:0`, `azure/eu/gpt-4o`,
`openai/responses/gpt-5`, `models/gemini-2.5-flash`, `ft:gpt-4.1:acme::id`, inference profiles.
"""

import re
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.tokens.providers import PROVIDERS, SELLS_ITS_OWN_ONLY, VENDORS

_ARN = re.compile(
    r"(?:.*[/:])?arn:aws[a-z-]*:[a-z-]+:(?P<region>[a-z0-9-]*):\d*:(?P<kind>[a-z-]+)/(?P<name>.+)",
    re.DOTALL,
)
_OPEN_ARNS: Final = frozenset({"foundation-model", "inference-profile"})
"""The kinds of Bedrock's resource names that hold the model's own (AWS, service authorization)."""

_PROVIDER = re.compile(r"([^/:]+)[/:](.+)", re.DOTALL)
_ROUTES: Final = frozenset(
    {
        "chat",
        "claude_platform",
        "completions",
        "converse",
        "converse_like",
        "global-standard",
        "invoke",
        "models",
    }
    | {"responses"}
)
"""Which of a provider's interfaces is called; it does not change the model."""

_OWNED: Final = frozenset({"accounts", "projects", "publishers", "locations", "routers"})
"""Parts of a path that name somebody or something in the part behind them."""

_REGION = re.compile(
    r"(us|eu|apac|au|ca|jp|in|me|sa|global|regional|us-gov)"
    r"|[a-z]{2,}(-gov)?-(central|north|south|east|west|north-?east|south-?east|north-?west"
    r"|south-?west)-?\d"
)
_COMMITMENT = re.compile(r"\d+-month-commitment")
_DOTTED = re.compile(
    r"(?:([a-z-]+)\.)?("
    + "|".join(map(re.escape, sorted(VENDORS, key=len, reverse=True)))
    + r")\.(.+)"
)
_RESELLER = re.compile(
    r"^(?:databricks|system\.ai|fw|cc|coding|anthropic|openai|alibaba|zai|cohere)[-.](?=[a-z])"
)
_FINE_TUNE = re.compile(r"ft:([^:]+)(?::.*)?", re.DOTALL)
_SNAPSHOT = re.compile(r"([^@]{1,500})@(?:[\d-]{3,8}|latest|default)")
_VARIANT = re.compile(
    r"([^:]+):(?:\d+(?::\d+k)?|ft-.+"
    r"|free|beta|extended|thinking|online|nitro|floor|exacto|batch|latest|variant\d+"
    r"|(?:\d+x)?\d+(?:\.\d+)?b(?:-.+)?)"
)
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,199}")
"""No model has a longer name; rules that are looked up by it may backtrack."""


class Reference(Struct, frozen=True, kw_only=True):
    """The parts of a model's name.

    `provider` is as genai-prices names it, None where none is said; `name` is what that provider
    calls the model. `plain` is the bare name: of a fine-tune it is that of the model that was
    tuned; it is empty where a part is none that is known. `vendor` is the maker as far as one is
    named; `is_foreign` says that a maker is named who is not known. `is_opaque` marks the names of
    resources that do not say which model stands behind them. `is_vertex` says that Google's model
    is called by Vertex AI, which bills some inputs otherwise than the Gemini API.
    """

    provider: str | None
    name: str
    vendor: str | None = None
    plain: str = ""
    region: str | None = None
    is_foreign: bool = False
    is_opaque: bool = False
    is_fine_tune: bool = False
    is_committed: bool = False
    is_vertex: bool = False


def parse(reference: str) -> Reference:
    """The parts of `reference`, in lower case."""
    name = reference.strip().lower()
    if (arn := _ARN.fullmatch(name)) is not None:
        if arn["kind"] not in _OPEN_ARNS:
            return Reference(
                provider="aws", name=name, region=arn["region"] or None, is_opaque=True
            )
        found = _path("aws", arn["name"])
        return found if found.region else _in_region(found, arn["region"] or None)
    provider = None
    if (parts := _PROVIDER.fullmatch(name)) is not None:
        head = parts[1].removeprefix("~")
        if head in PROVIDERS or head in VENDORS:
            provider = PROVIDERS.get(head) or VENDORS[head]
            name = parts[2]
            if head == "huggingface" and f"huggingface_{name.partition('/')[0]}" in PROVIDERS:
                host, _, name = name.partition("/")
                provider = f"huggingface_{host}"
    if provider is None and name.startswith(("projects/", "publishers/")):
        provider = "google"  # Vertex AI's resource names, whoever made the model
    found = _path(provider, name)
    return replace(found, is_vertex=True) if _VERTEX.match(reference.strip().lower()) else found


_VERTEX = re.compile(r"(google-)?vertex(_?ai)?[^a-z0-9]|(google[/:])?(projects|publishers)/")


def _path(provider: str | None, name: str) -> Reference:
    """The parts of a name behind its provider."""
    way = _Way(name=name)
    while (shorter := _step(way)) is not None:
        way = shorter
    path, _, plain = way.name.rpartition("/")
    owner = path.rpartition("/")[2].removeprefix("~").removeprefix("@")
    vendor, region = VENDORS.get(owner) or way.vendor, way.region
    is_foreign = bool(path) and vendor is None
    if (dotted := _DOTTED.fullmatch(plain)) is not None:
        region = dotted[1] or region
        vendor, plain = VENDORS[dotted[2]], dotted[3]
        if provider in SELLS_ITS_OWN_ONLY:
            provider = "aws"  # Bedrock's name, called by the vendor's own client
    is_fine_tune = plain.startswith("ft:") or ":ft-" in plain or ".ft-" in plain
    plain = _bare(plain, vendor)
    return Reference(
        provider=provider,
        name=way.name,
        vendor=vendor,
        plain=plain if _PLAIN.fullmatch(plain) else "",
        region=region,
        is_foreign=is_foreign,
        is_fine_tune=is_fine_tune,
        is_committed=way.is_committed,
    )


class _Way(Struct, frozen=True, kw_only=True):
    """What is left of a path, and what its parts so far have said."""

    name: str
    region: str | None = None
    vendor: str | None = None
    is_committed: bool = False


def _step(way: _Way) -> _Way | None:
    """The path without its first part; None where that part belongs to the model's own name."""
    head, slash, rest = way.name.partition("/")
    if not slash:
        return None
    if head in _ROUTES:
        return replace(way, name=rest)
    if _COMMITMENT.fullmatch(head):
        return replace(way, name=rest, is_committed=True)
    if _REGION.fullmatch(head):
        return replace(way, name=rest, region=head)
    owner, slash, behind = rest.partition("/")
    if head in _OWNED and slash:
        return replace(
            way,
            name=behind,
            region=owner if head == "locations" else way.region,
            vendor=VENDORS.get(owner) if head == "publishers" else way.vendor,
        )
    return None


def _bare(plain: str, vendor: str | None) -> str:
    """A name without fine-tune, snapshot, variant and reseller, its decimals written with a dot."""
    plain = plain.partition(".ft-")[0]
    for ending in (_FINE_TUNE, _SNAPSHOT, _VARIANT):
        if (found := ending.fullmatch(plain)) is not None:
            plain = found[1]
    plain = _RESELLER.sub("", plain, count=1)
    if re.match(r"[vr]\d", plain) and vendor is not None:
        plain = f"{vendor}-{plain}"  # Bedrock's deepseek.r1-v1:0
    return plain if _is_closed(plain) else re.sub(r"(?<=\d)[p_](?=\d)", ".", plain)


def _is_closed(plain: str) -> bool:
    """Whether it is the name of a model that only its maker writes, never with a `p` for a dot."""
    return plain.startswith(("gpt-", "claude-", "gemini-", "o1", "o3", "o4"))


def _in_region(found: Reference, region: str | None) -> Reference:
    return replace(found, region=region)
