"""What images cost: worked examples of the vendors' own pages, and measured bills."""

import base64
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.errors import MeasurementError
from reviewbot.prompt import Image
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.tokens import Counter, Message, count_call, image_tokens, resolve, stable_beginning


def tokens(model: str, size: tuple[int, int] | None = None, detail: str = "auto") -> int:
    width, height = size or (None, None)
    image = Image(width=width, height=height, detail=detail)
    return image_tokens(resolve(model), [image]).tokens


@pytest.mark.parametrize(
    ("model", "size", "detail", "expected"),
    [
        # OpenAI's guide: the examples of its tile-based models
        ("gpt-4o", (1024, 1024), "high", 765),
        ("gpt-4o", (2048, 4096), "high", 1105),
        ("gpt-4o", (4096, 8192), "low", 85),
        ("openai/gpt-4.1", (1024, 1024), "auto", 765),
        ("gpt-4o-mini", (1024, 1024), "high", 25_501),
        ("gpt-4o-mini-2024-07-18", (1024, 1024), "low", 2_833),
        ("o1", (1024, 1024), "high", 675),
        ("o3", (1024, 1024), "low", 75),
        ("gpt-5", (1024, 1024), "high", 630),
        ("gpt-5-chat-latest", (1024, 1024), "low", 70),
        # 128 x 64 as billed (community.openai.com/t/1262691): small images are not made larger
        ("gpt-4o", (128, 64), "high", 255),
        ("gpt-4o-mini", (128, 64), "high", 8_500),
        ("o3", (128, 64), "high", 225),
        # OpenAI's guide: 1,024 patches, 1,452 patches, times the model's multiplier
        ("gpt-4.1-mini", (1024, 1024), "auto", 1_659),
        ("gpt-4.1-mini", (1800, 2400), "auto", 2_353),
        ("gpt-4.1-nano", (1024, 1024), "high", 2_520),
        ("o4-mini", (1024, 1024), "high", 1_762),
        ("o4-mini", (128, 64), "high", 14),
        ("gpt-5-mini", (1600, 1600), "high", 2_465),
        ("gpt-5-nano", (1024, 1024), "low", 630),
        # 1600 x 1600 as billed (community.openai.com/t/1377015): 2,500 patches times 1.2
        ("gpt-5.4", (1600, 1600), "high", 3_000),
        ("gpt-5.4", (1600, 1600), "auto", 3_000),
        ("gpt-5.4", (3200, 3200), "original", 12_000),
        ("gpt-5.5", (3200, 3200), "auto", 12_000),
        ("gpt-5.5", (1600, 1600), "low", 308),
        ("gpt-5.6", (6400, 6400), "auto", 48_000),
        ("gpt-5.6", (6400, 6400), "high", 3_000),
        # Claude's guide: patches of 28 pixels, and the sizes that it makes images smaller to
        ("claude-sonnet-4-6", (1000, 1000), "auto", 1_296),
        ("claude-sonnet-4-6", (1092, 1092), "auto", 1_521),
        ("claude-sonnet-4-6", (1920, 1080), "auto", 1_560),
        ("claude-opus-4-7", (1920, 1080), "auto", 2_691),
        ("claude-opus-4-8", (3840, 2160), "auto", 4_784),
        ("claude-opus-5", (3024, 1964), "auto", 4_760),
        ("claude-opus-5", (4032, 3024), "auto", 4_740),
        ("claude-haiku-4-5", (200, 200), "auto", 64),
        ("anthropic/claude-3-5-sonnet-20241022", (8000, 1), "auto", 56),
        # Gemini's guide
        ("gemini-2.5-flash", (384, 384), "auto", 258),
        ("gemini-2.5-flash", (960, 540), "auto", 1_548),
        ("gemini-2.5-pro", (4000, 4000), "auto", 1_032),
        ("gemini-3-pro-preview", (4000, 4000), "auto", 1_120),
        ("gemini-3-pro-preview", (4000, 4000), "low", 280),
        # of unknown size: the largest that the rule allows
        ("gpt-4o", None, "auto", 1_445),
        ("gpt-4o", None, "low", 85),
        ("gpt-4o-mini", None, "high", 48_169),
        ("gpt-4.1-mini", None, "auto", 2_489),
        ("gpt-5.4", None, "auto", 3_000),
        ("gpt-5.5", None, "auto", 12_000),
        ("gpt-5.6", None, "high", 3_000),
        ("claude-sonnet-4-6", None, "auto", 1_568),
        ("claude-sonnet-5", None, "auto", 4_784),
        ("gemini-3-pro-preview", None, "auto", 1_120),
    ],
)
def test_an_image(model: str, size: tuple[int, int] | None, detail: str, expected: int) -> None:
    assert tokens(model, size, detail) == expected


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("gpt-3.5-turbo", "no rule is published for what an image costs gpt-3.5-turbo"),
        ("o3-mini", "no rule is published"),
        ("gpt-5.1", "no rule is published"),
        ("deepseek-chat", "no rule is published"),
        ("gpt-5.6", "an image of unknown size may cost gpt-5.6 any number of tokens"),
        ("gemini-2.5-flash", "of unknown size"),
    ],
)
def test_what_no_rule_covers_is_an_error(model: str, said: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        tokens(model)
    (problem,) = caught.value.problems
    assert said in problem.what
    assert problem.mend


SIZES = st.tuples(st.integers(1, 20_000), st.integers(1, 20_000))


@given(SIZES, st.sampled_from(["auto", "low", "high"]), st.sampled_from(["gpt-4o", "gpt-4.1-nano"]))
def test_no_image_costs_more_than_one_of_unknown_size(
    size: tuple[int, int], detail: str, model: str
) -> None:
    assert 1 <= tokens(model, size, detail) <= tokens(model, None, detail)


@given(SIZES, st.sampled_from(["claude-sonnet-4-6", "claude-opus-4-8", "gpt-5.4", "o4-mini"]))
def test_a_turned_image_costs_the_same(size: tuple[int, int], model: str) -> None:
    assert tokens(model, size) == tokens(model, size[::-1]) <= tokens(model)


def test_images_are_content_and_named_in_a_note() -> None:
    images = (Image(width=1024, height=1024), Image(detail="low"))
    message = Message(role="user", text="What is this?", images=images)
    counter = Counter()
    without = count_call(
        resolve("gpt-4o"), [Message(role="user", text="What is this?")], counter=counter
    )
    call = count_call(resolve("gpt-4o"), [message], counter=counter)
    assert call.content_tokens == without.content_tokens + 765 + 85
    (note,) = call.notes
    assert note == (
        "2 images estimated as 850 tokens, 1 of unknown size counted as the largest: "
        "85, and 170 for each tile of 512 pixels "
        "(developers.openai.com/api/docs/guides/images-vision, read in autumn 2026)"
    )


def test_image_tokens_are_the_vendors_own_and_not_scaled() -> None:
    image = Image(width=280, height=280)
    counter = Counter()
    model = resolve("claude-sonnet-4-6")
    without = count_call(model, [Message(role="user", text="a b c")], counter=counter)
    call = count_call(model, [Message(role="user", text="a b c", images=(image,))], counter=counter)
    assert call.input_tokens == without.input_tokens + 100


def test_a_prefix_ends_where_an_image_varies() -> None:
    fixed, varying = Image(width=10, height=10), Image(varies=True)
    whole = Message(role="system", text="one two", images=(fixed,))
    assert stable_beginning([whole], [None]) == [whole]
    found = stable_beginning(
        [whole, Message(role="user", text="", images=(varying,)), whole],
        [None, 0, None],
    )
    assert found == [whole, Message(role="user", text="")]
    assert stable_beginning([whole], [5]) == [Message(role="system", text="one")]


def png(width: int, height: int) -> str:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + chunk).decode()


GIF = base64.b64encode(b"GIF89a" + struct.pack("<HH", 300, 7) + b"\0\0\0").decode()
JPEG = base64.b64encode(
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x11\x08"
    + struct.pack(">HH", 48, 64)
    + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9"
).decode()
WEBP = base64.b64encode(
    b"RIFF\x1a\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00"
    + (399).to_bytes(3, "little")
    + (299).to_bytes(3, "little")
).decode()


def test_the_size_of_an_image_is_read_from_its_data() -> None:
    with LimitedParser() as parser:
        for text, size in (
            (png(1024, 768), [1024, 768]),
            ("\n".join([png(5, 6)[:20], png(5, 6)[20:]]), [5, 6]),
            (GIF, [300, 7]),
            (JPEG, [64, 48]),
            (WEBP, [400, 300]),
        ):
            assert parser.parse("image-size", text, "p") == size


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no PNG"),
        ("%%%", "not base64"),
        ("é", "not base64"),
        (
            base64.b64encode(
                b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
            ).decode(),
            "no PNG",
        ),
        (base64.b64encode(b"\x89PNG\r\n\x1a\n").decode(), "size"),
        (png(0, 5), "does not say its size"),
    ],
)
def test_what_is_no_image_is_named(text: str, said: str) -> None:
    with LimitedParser() as parser, pytest.raises(MeasurementError) as caught:
        parser.parse("image-size", text, "p")
    (problem,) = caught.value.problems
    assert said in problem.what


@given(
    st.binary(max_size=60),
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF0000WEBP"]),
)
def test_any_data_is_a_size_or_a_problem(data: bytes, signature: bytes) -> None:
    from reviewbot.prompt import TemplateError
    from reviewbot.rendering.parsers.image_size import parse

    try:
        size = parse(base64.b64encode(signature + data).decode())
    except TemplateError:
        return
    assert min(size) >= 1
