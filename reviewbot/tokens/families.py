"""Which models are counted how: one row for each family of names, each with its source.

Names are plain ones, in lower case: without provider, vendor, region, fine-tune or variant. The
first row whose pattern fits the whole name holds.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct


class Framing(StrEnum):
    """What a call costs beside its texts."""

    CONFIRMED = "confirmed"
    """The cookbook's rule for messages and tools, which it compares with the API's own figures."""

    ASSUMED = "assumed"
    """The same rule, not confirmed for this model."""

    NONE = "none"
    """Nothing: the model completes or embeds a bare text."""


class Family(Struct, frozen=True, kw_only=True):
    """Models of one vendor that are counted alike.

    `names` is a regular expression for the whole of a plain name. Tokens are those of `encoding`
    times `ratio`, which is 1 where the encoding is the model's own (`exact`).
    """

    vendor: str
    names: str
    encoding: str
    source: str
    exact: bool = True
    ratio: Decimal = Decimal(1)
    framing: Framing = Framing.ASSUMED


_TIKTOKEN: Final = "tiktoken 0.14, tiktoken/model.py"
_UNPUBLISHED: Final = "not in tiktoken 0.14: assumed to be counted as OpenAI's models since gpt-4o"
_MEASURED: Final = (
    "tokens relative to o200k_base in 20 documents, the larger of Markdown and Python: "
)


def _openai(
    names: str, encoding: str, source: str = _TIKTOKEN, framing: Framing = Framing.ASSUMED
) -> Family:
    return Family(vendor="openai", names=names, encoding=encoding, source=source, framing=framing)


def _unpublished(names: str) -> Family:
    return Family(
        vendor="openai", names=names, encoding="o200k_base", source=_UNPUBLISHED, exact=False
    )


def _measured(vendor: str, names: str, ratio: str, tokenizer: str) -> Family:
    return Family(
        vendor=vendor,
        names=names,
        encoding="o200k_base",
        source=f"{_MEASURED}{ratio} ({tokenizer})",
        exact=False,
        ratio=Decimal(ratio),
    )


FAMILIES: Final = (
    # OpenAI, chat
    _openai(r"gpt-4o(-mini)?(-\d{4}-\d\d-\d\d)?", "o200k_base", framing=Framing.CONFIRMED),
    _openai(r"(chat)?gpt-4o-.+", "o200k_base"),
    _openai(r"gpt-4\.[15](-.+)?", "o200k_base"),
    _openai(r"gpt-5(\.\d+)?(-.+)?", "o200k_base"),
    _openai(r"o[13](-.+)?|o4-mini(-.+)?", "o200k_base"),
    _openai(r"gpt-oss(-.+)?", "o200k_harmony"),
    _openai(
        r"codex-mini(-latest)?",
        "o200k_base",
        "developers.openai.com, codex-mini-latest: a fine-tuned version of o4-mini",
    ),
    _unpublished(r"gpt-6(\.\d+)?(-.+)?"),
    _unpublished(r"gpt-(realtime|audio)(-.+)?|computer-use(-preview(-.+)?)?|gpt-chat-latest"),
    _openai(
        r"gpt-4(-32k)?(-\d{4}(-vision)?(-preview)?)?|gpt-4-(turbo|vision)(-.+)?",
        "cl100k_base",
        framing=Framing.CONFIRMED,
    ),
    _openai(r"gpt-3\.5(-turbo)?-0301|gpt-35-turbo-0301", "cl100k_base"),  # framed otherwise
    _openai(r"gpt-3\.5|gpt-3\.?5-turbo(-16k)?(-\d{4})?", "cl100k_base", framing=Framing.CONFIRMED),
    # OpenAI, bare text
    _openai(r"gpt-3\.?5-turbo-instruct(-.+)?", "cl100k_base", framing=Framing.NONE),
    _openai(r"(davinci|babbage)-002", "cl100k_base", framing=Framing.NONE),
    _openai(r"text-embedding-(ada-002|3-small|3-large)", "cl100k_base", framing=Framing.NONE),
    _openai(
        r"text-davinci-00[23]|code-(davinci|cushman)-00[12]|(davinci|cushman)-codex",
        "p50k_base",
        framing=Framing.NONE,
    ),
    _openai(r"(text|code)-davinci-edit-001", "p50k_edit", framing=Framing.NONE),
    _openai(
        r"(text-)?(davinci|curie|babbage|ada)(-001)?"
        r"|text-similarity-(davinci|curie|babbage|ada)-001"
        r"|text-search-(davinci|curie|babbage|ada)-(doc|query)-001"
        r"|code-search-(babbage|ada)-(code|text)-001",
        "r50k_base",
        framing=Framing.NONE,
    ),
    _openai(
        r"gpt-?2",
        "r50k_base",
        "OpenAI cookbook, How_to_count_tokens_with_tiktoken, Encodings: r50k_base (or gpt2)",
        framing=Framing.NONE,
    ),
    # Other vendors
    _measured(
        "anthropic",
        r"claude-3([.-].+)?"
        r"|claude-(opus|sonnet|haiku)-4([.-][0-6])?(-(?!\d{1,2}(-|$)).+)?"
        r"|claude-4([.-][0-6])?-(opus|sonnet|haiku)(-.+)?",
        "1.23",
        "Claude 3 to 4.6, by the unofficial ctok",
    ),
    _measured(
        "anthropic",
        r"claude-(opus|sonnet|haiku)-4[.-][7-9](-.+)?"
        r"|claude-(opus|sonnet|haiku|fable|mythos)-(5([.-]\d)?(-.+)?|latest)",
        "1.66",
        "Claude 4.7 and later, by the unofficial ctok",
    ),
    _measured(
        "google",
        r"gemma-?3n?(-.+)?"
        r"|gemini-(live-)?2\.[05]-(flash|pro)(-.+)?|gemini-3-pro-preview",
        "1.15",
        "Gemma 3, which is Gemini 2.0 to 3's tokenizer too: googleapis/python-genai, "
        "_local_tokenizer_loader.py",
    ),
    _measured("meta", r"(meta-)?llama-?3([.-][0-3])?(-.+)?", "1.00", "Llama 3"),
    _measured(
        "mistral",
        r"(open-)?mistral-nemo(-.+)?|pixtral-12b(-.+)?|(ministral|devstral|magistral)-.+"
        r"|mistral-small-(24b|3|2[5-9]\d\d)([.-].+)?",
        "1.08",
        "Mistral's Tekken: mistral-common, MODEL_NAME_TO_TOKENIZER_CLS, and the model cards",
    ),
    _measured(
        "deepseek",
        r"deepseek-(chat|reasoner)|deepseek-((chat-)?v3|r1)([.-](?!.*(qwen|llama|distill)).+)?"
        r"|r1-v1",
        "1.05",
        "DeepSeek V3 and R1",
    ),
    _measured("qwen", r"qwen-?3(-.+)?", "1.03", "Qwen3"),
)
