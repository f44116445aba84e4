"""Which models are counted how: one row for each family of names, each with its source.

Names are plain ones, in lower case: without provider, vendor, region, fine-tune or variant. The
first row whose pattern fits the whole name holds.
"""

from typing import Final

from reviewbot.tokens.family import Family, Framing
from reviewbot.tokens.other_vendors import OTHER_VENDORS

__all__ = ["FAMILIES", "Family", "Framing"]

_TIKTOKEN: Final = "tiktoken 0.14, tiktoken/model.py"
_UNPUBLISHED: Final = "not in tiktoken 0.14: assumed to be counted as OpenAI's models since gpt-4o"


def _openai(
    names: str, encoding: str, source: str = _TIKTOKEN, framing: Framing = Framing.ASSUMED
) -> Family:
    return Family(vendor="openai", names=names, encoding=encoding, source=source, framing=framing)


def _unpublished(names: str) -> Family:
    return Family(
        vendor="openai", names=names, encoding="o200k_base", source=_UNPUBLISHED, exact=False
    )


OPENAI: Final = (
    # OpenAI, chat
    _openai(r"gpt-4o(-mini)?(-\d{4}-\d\d-\d\d)?", "o200k_base", framing=Framing.CONFIRMED),
    _openai(r"(chat)?gpt-4o-.+", "o200k_base"),
    _openai(r"gpt-4\.[15](-.+)?", "o200k_base"),
    _openai(r"gpt-5(\.\d+)?(-.+)?", "o200k_base"),
    _openai(r"o[13](-.+)?|o4-mini(-.+)?", "o200k_base"),
    Family(
        vendor="openai",
        names=r"gpt-oss(-.+)?",
        encoding="o200k_harmony",
        source=_TIKTOKEN,
        is_open=True,
    ),
    _openai(
        r"codex-mini(-latest)?",
        "o200k_base",
        "developers.openai.com, codex-mini-latest: a fine-tuned version of o4-mini",
    ),
    _unpublished(r"gpt-6(\.\d+)?(-.+)?"),
    _unpublished(
        r"gpt-(realtime|audio|daybreak)(-.+)?|computer-use(-preview(-.+)?)?|(gpt-)?chat-latest"
        r"|gpt-((astra|luna|mini|sol|terra)-)?latest"
        r"|(o[134](-mini)?|gpt)-deep-research(-.+)?|daybreak-.+|gpt-rosalind(-.+)?"
    ),
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
)

FAMILIES: Final = (*OPENAI, *OTHER_VENDORS)
