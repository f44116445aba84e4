"""Sixty documents of many kinds and scripts: counted as vendors' tokenizers do, or within the range.

The documents are of our own writing (`tests/data/documents.json`); what is added to each is a change
of its own kind. `tests/data/references/document_tokens.json` names the tool of each count.
"""

import json
from decimal import ROUND_CEILING, Decimal
from typing import Final

import pytest

from reviewbot.tokens import Counter, Message, count_call, resolve
from reviewbot.tokens.ratios import UNMEASURED
from reviewbot.tokens.text_kinds import TextKind, kind_of, segments
from reviewbot.tokens.texts import TextCounter
from tests.support.loading import endless, loaded
from tests.support.places import DATA

DOCUMENTS = json.loads(DATA.joinpath("documents.json").read_text("utf-8"))
REFERENCE = json.loads(DATA.joinpath("references", "document_tokens.json").read_text("utf-8"))
COUNTER = Counter(load=loaded, allowance=endless())
FRAMES: Final = {"claude-3": 7, "claude-4.7": 11, "claude-4.8": 6}
"""What ctok counts around the text of a message; it is a rule of its own here."""

ESTIMATED = {"llama-2": "llama-2-70b", "llama-3": "llama-3.3-70b"}
EXACT = sorted(set(REFERENCE["tools"]) - set(ESTIMATED))


def texts(document: dict[str, str]) -> tuple[str, str]:
    """The document before and after the change."""
    return document["before"], f"{document['before']}\n\n{document['added']}"


def test_there_are_sixty_documents_of_every_kind() -> None:
    assert len({document["name"] for document in DOCUMENTS}) == len(DOCUMENTS) == 60
    kinds = {kind for item in DOCUMENTS for kind, _ in segments(texts(item)[1])}
    assert kinds == set(TextKind) - {TextKind.OTHER}  # a whole line of signs is rare


@pytest.mark.parametrize("encoding", EXACT)
def test_a_vocabulary_that_ships_counts_as_the_vendors_tool_does(encoding: str) -> None:
    for document in DOCUMENTS:
        for text, tokens in zip(
            texts(document), REFERENCE["counts"][document["name"]][encoding], strict=True
        ):
            assert COUNTER.count(text, encoding) + FRAMES.get(encoding, 0) == tokens, document


@pytest.mark.parametrize("tokenizer", ESTIMATED)
def test_an_estimate_is_within_the_range_that_the_report_gives(tokenizer: str) -> None:
    """The documents, and what the change adds: 2 tokens more or less for what is rounded."""
    for document in DOCUMENTS:
        before, after = REFERENCE["counts"][document["name"]][tokenizer]
        low, high = (
            [bound(text, tokenizer, of) for text in texts(document)] for of in ("low", "high")
        )
        assert low[1] - 2 <= after <= high[1] + 2, document["name"]
        assert low[1] - low[0] - 2 <= after - before <= high[1] - high[0] + 2, document["name"]


def bound(text: str, tokenizer: str, which: str) -> Decimal:
    ratios = resolve(ESTIMATED[tokenizer]).ratios
    assert ratios is not None
    return sum(
        (
            COUNTER.count(part, "o200k_base") * getattr(ratios[kind], which)
            for kind, part in segments(text)
        ),
        Decimal(0),
    )


@pytest.mark.parametrize("tokenizer", [*EXACT, "llama-3"])
def test_no_current_vendor_is_beyond_the_range_of_one_that_nobody_measured(tokenizer: str) -> None:
    """But Claude, whose tokenizers are known to make more tokens than all others."""
    if tokenizer.startswith("claude"):
        return
    for document in DOCUMENTS:
        text = texts(document)[1]
        parts = [
            (UNMEASURED[kind], COUNTER.count(part, "o200k_base")) for kind, part in segments(text)
        ]
        low = sum((ratio.low * tokens for ratio, tokens in parts), Decimal(0))
        high = sum((ratio.high * tokens for ratio, tokens in parts), Decimal(0))
        tokens = REFERENCE["counts"][document["name"]][tokenizer][1]
        assert low - 2 <= tokens <= high + 2, document["name"]


def test_the_note_gives_the_range_of_each_kind_of_text() -> None:
    message = Message(role="user", text="Where is my kettle?\nमेरी केतली कहाँ है?")
    notes = count_call(resolve("llama-3.3-70b"), [message], counter=COUNTER).notes
    ratios = resolve("llama-3.3-70b").ratios
    assert ratios is not None
    prose, hindi = ratios[TextKind.PROSE], ratios[TextKind.DEVANAGARI]
    assert notes[0].startswith(
        f"tokens are estimated as o200k_base times {prose.probable} ({prose.low} to {prose.high}) "
        f"for plain Latin prose, {hindi.probable} ({hindi.low} to {hindi.high}) for Devanagari ("
    )


@pytest.mark.parametrize("model", ["llama-3.3-70b", "grok-4", "mistral-7b", "claude-opus-4-8"])
@pytest.mark.parametrize("tokens", [2, 1_200])
def test_a_size_is_so_many_tokens_of_the_model_at_hand(model: str, tokens: int) -> None:
    def content(text: str) -> int:
        message = Message(role="user", text=text)
        return count_call(resolve(model), [message], counter=COUNTER).content_tokens

    sized = " ".join(["token"] * tokens)
    assert content(sized) == tokens
    question = f"The customer wrote: {sized}\nAnswer in one sentence."
    alone = content("The customer wrote: \nAnswer in one sentence.")
    assert tokens <= content(question) - alone + 2 <= tokens + 4


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("", None),
        (" \t", None),
        ("Look the order up.", TextKind.PROSE),
        ("Größe, Länge und Übergröße", TextKind.ACCENTED),
        ("x = f(y) + {1: 'a'}", TextKind.CODE),
        ("| 2026-01 | 118204 | 236.41 |", TextKind.NUMBERS),
        ("ケトルを修理する店", TextKind.KANA),
        ("修理店", TextKind.HAN),
        ("Ask: वारंटी कब तक है?", TextKind.DEVANAGARI),
        ("🥳🥳🥳", TextKind.OTHER),
        ("12 000", TextKind.NUMBERS),
    ],
)
def test_the_kind_of_a_line(line: str, kind: TextKind | None) -> None:
    assert kind_of(line) == kind


def test_segments_are_the_whole_text() -> None:
    for document in DOCUMENTS:
        text = texts(document)[1]
        assert "".join(part for _, part in segments(text)) == text


def test_estimates_are_rounded_once() -> None:
    counter = TextCounter(resolve("grok-4"), COUNTER)
    probable = UNMEASURED[TextKind.PROSE].probable
    tokens = 3 * COUNTER.count("Say hello.", "o200k_base") * probable
    assert counter.count(*["Say hello."] * 3) == int(tokens.to_integral_value(ROUND_CEILING))
