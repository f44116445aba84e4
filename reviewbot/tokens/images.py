"""What images cost in tokens, by each vendor's published rule; the first row that fits holds.

An image is counted from its size in pixels and the detail that the request asks for. One of unknown
size counts as the largest that its rule allows. Bills are known to differ from the rules, so each
figure is an estimate.
"""

import re
from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from math import ceil, floor, sqrt
from typing import Final

from msgspec import Struct

from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import Image
from reviewbot.tokens.model_names import Model

_Size = tuple[int, int]


class ImageRule(Struct, frozen=True, kw_only=True):
    """How the models called `names` (a regular expression) are billed for an image.

    `tokens` takes a size in pixels, None where it is unknown, and a detail. It gives None where
    an image of unknown size may take any number of tokens.
    """

    names: str
    tokens: Callable[[_Size | None, str], int | None]
    says: str
    source: str


class ImageTokens(Struct, frozen=True, kw_only=True):
    """The tokens of images, and a note of how they were counted; None where there are none."""

    tokens: int
    note: str | None


def image_tokens(model: Model, images: Sequence[Image]) -> ImageTokens:
    """The tokens of a call's images.

    Raises:
        MeasurementError: The model has no published rule, or none that bounds an unknown size.

    """
    if not images:
        return ImageTokens(tokens=0, note=None)
    rule = next((rule for rule in RULES if re.fullmatch(rule.names, model.base_name)), None)
    if rule is None:
        what = f"no rule is published for what an image costs {model.base_name}"
        raise _unmeasured(what, "keep images out of this prompt, or call another model")
    counts = [rule.tokens(_size(image), image.detail) for image in images]
    known = [count for count in counts if count is not None]
    if len(known) < len(counts):
        what = f"an image of unknown size may cost {model.base_name} any number of tokens"
        raise _unmeasured(what, "put an example of the image into the file, as base64 data")
    return ImageTokens(tokens=sum(known), note=_note(images, sum(known), rule))


def _size(image: Image) -> _Size | None:
    return None if image.width is None or image.height is None else (image.width, image.height)


def _note(images: Sequence[Image], tokens: int, rule: ImageRule) -> str:
    unknown = sum(_size(image) is None for image in images)
    number = f"{len(images):,} image{'s' * (len(images) > 1)}"
    size = f", {unknown:,} of unknown size counted as the largest" if unknown else ""
    return f"{number} estimated as {tokens:,} tokens{size}: {rule.says} ({rule.source})"


def _unmeasured(what: str, mend: str) -> MeasurementError:
    return MeasurementError([Problem(what=what, mend=mend)])


def _tiles(base: int, tile: int) -> Callable[[_Size | None, str], int]:
    """Within 2048 pixels, its short side within 768, an image is covered by tiles of 512."""

    def tokens(size: _Size | None, detail: str) -> int:
        if detail == "low":
            return base
        width, height = size or (2048, 768)
        scale = min(
            Fraction(1), Fraction(2048, max(width, height)), Fraction(768, min(width, height))
        )
        return base + tile * ceil(width * scale / 512) * ceil(height * scale / 512)

    return tokens


class _Fit(Struct, frozen=True, kw_only=True):
    """The most patches of 32 pixels, and the longest side in pixels, that an image may have."""

    patches: int
    side: int

    def count(self, size: _Size | None) -> int:
        """Patches of an image that is made smaller until it fits; all of them if unknown."""
        if size is None:
            return self.patches
        width, height = size
        scale = min(1.0, self.side / max(width, height))
        if _patches(width * scale, height * scale) > self.patches:
            shrunk = sqrt(32 * 32 * self.patches / (width * height))
            across, down = width * shrunk / 32, height * shrunk / 32
            scale = min(scale, shrunk * min(floor(across) / across, floor(down) / down))
        return max(1, min(self.patches, _patches(width * scale, height * scale)))


def _patches(width: float, height: float, side: int = 32) -> int:
    return ceil(floor(width + 1e-6) / side) * ceil(floor(height + 1e-6) / side)


_LOW: Final = 16 * 16
"""Patches of 512 × 512 pixels, which is what `low` makes of an image."""


def _patched(
    multiplier: str, fits: dict[str, _Fit | None]
) -> Callable[[_Size | None, str], int | None]:
    """Patches times `multiplier`; `fits` says what each detail is fitted into, None for nothing."""

    def tokens(size: _Size | None, detail: str) -> int | None:
        fit = fits.get(detail, fits["high"])
        if detail == "low":
            patches = _LOW
        elif fit is not None:
            patches = fit.count(size)
        elif size is not None:
            patches = _patches(*size)
        else:
            return None
        return int((patches * Decimal(multiplier)).to_integral_value(ROUND_CEILING))

    return tokens


def _claude(side: int, most: int) -> Callable[[_Size | None, str], int]:
    """Patches of 28 pixels; the largest size of the same shape that fits both limits is billed."""

    def patches(long: int, short: Fraction) -> int:
        return ceil(long / 28) * ceil(max(1, floor(short + Fraction(1, 2))) / 28)

    def tokens(size: _Size | None, detail: str) -> int:
        del detail
        if size is None:
            return most
        shape = Fraction(min(size), max(size))
        fits, beyond = 1, min(side, max(size)) + 1
        while beyond - fits > 1:
            middle = (fits + beyond) // 2
            if patches(middle, middle * shape) <= most:
                fits = middle
            else:
                beyond = middle
        return patches(fits, fits * shape)

    return tokens


def _gemini(size: _Size | None, detail: str) -> int | None:
    """258 for each tile, whose side is two thirds of the image's short side."""
    del detail
    if size is None:
        return None
    if max(size) <= _GEMINI_SMALL_PIXELS:
        return _GEMINI_TILE_TOKENS
    unit = max(1, int(min(size) / 1.5))
    return _GEMINI_TILE_TOKENS * ceil(size[0] / unit) * ceil(size[1] / unit)


def _gemini_by_detail(size: _Size | None, detail: str) -> int:
    del size
    return {"low": 280, "medium": 560}.get(detail, 1120)


_GEMINI_SMALL_PIXELS: Final = 384
_GEMINI_TILE_TOKENS: Final = 258

_OPENAI: Final = "developers.openai.com/api/docs/guides/images-vision, read in autumn 2026"
_BILLED: Final = f"{_OPENAI}; 1.2 as billed: community.openai.com/t/1377015"
_CLAUDE: Final = "platform.claude.com/docs/en/build-with-claude/vision, read in autumn 2026"
_GEMINI: Final = "ai.google.dev/gemini-api/docs/image-understanding, read in autumn 2026"
_SMALL: Final = _Fit(patches=1536, side=2048)
_HIGH: Final = _Fit(patches=2500, side=2048)
_ORIGINAL: Final = _Fit(patches=10_000, side=6000)


def _tiled(names: str, base: int, tile: int) -> ImageRule:
    says = f"{base:,}, and {tile:,} for each tile of 512 pixels"
    return ImageRule(names=names, tokens=_tiles(base, tile), says=says, source=_OPENAI)


def _by_patches(
    names: str, multiplier: str, fits: dict[str, _Fit | None], source: str = _OPENAI
) -> ImageRule:
    says = f"{multiplier} for each patch of 32 pixels"
    return ImageRule(names=names, tokens=_patched(multiplier, fits), says=says, source=source)


def _by_claude(names: str, side: int, most: int) -> ImageRule:
    says = f"one for each patch of 28 pixels, at most {most:,}"
    return ImageRule(names=names, tokens=_claude(side, most), says=says, source=_CLAUDE)


_DATED: Final = r"(-\d{4}-\d\d-\d\d)?"
_ONE_FIT: Final[dict[str, _Fit | None]] = {"high": _SMALL}

RULES: Final = (
    _tiled(rf"gpt-4o-mini{_DATED}", 2833, 5667),
    _by_patches(r"gpt-4\.1-mini(-.+)?", "1.62", _ONE_FIT),
    _by_patches(r"gpt-4\.1-nano(-.+)?", "2.46", _ONE_FIT),
    _tiled(r"(chat)?gpt-4o(-(?!mini).+)?|gpt-4\.[15](-.+)?|gpt-4-(turbo|vision)(-.+)?", 85, 170),
    _tiled(rf"o1(-pro)?{_DATED}|o3(-pro)?{_DATED}", 75, 150),
    _tiled(r"computer-use(-preview(-.+)?)?", 65, 129),
    _by_patches(rf"(o4-mini|codex-mini(-latest)?){_DATED}", "1.72", _ONE_FIT),
    _by_patches(rf"gpt-5(\.4)?-mini{_DATED}", "1.62", _ONE_FIT),
    _by_patches(rf"gpt-5(\.4)?-nano{_DATED}", "2.46", _ONE_FIT),
    _tiled(rf"gpt-5(-chat-latest)?{_DATED}", 70, 140),
    _by_patches(
        r"gpt-5\.2(-.+)?|gpt-5\.3-codex(-.+)?|gpt-5(\.1)?-codex-mini", "1.2", _ONE_FIT, _BILLED
    ),
    _by_patches(
        rf"gpt-5\.4{_DATED}", "1.2", {"auto": _HIGH, "high": _HIGH, "original": _ORIGINAL}, _BILLED
    ),
    _by_patches(
        rf"gpt-5\.5{_DATED}",
        "1.2",
        {"auto": _ORIGINAL, "high": _HIGH, "original": _ORIGINAL},
        _BILLED,
    ),
    _by_patches(r"gpt-5\.6(-.+)?", "1.2", {"auto": None, "high": _HIGH, "original": None}, _BILLED),
    _by_claude(
        r"claude-(opus|sonnet|haiku)-4[.-][7-9](-.+)?"
        r"|claude-(opus|sonnet|haiku|fable|mythos)-(5([.-]\d)?(-.+)?|latest)",
        2576,
        4784,
    ),
    _by_claude(r"claude-.+", 1568, 1568),
    ImageRule(
        names=r"gemini-(live-)?2\.[05]-.+",
        tokens=_gemini,
        says="258 for each tile of two thirds of the short side",
        source=_GEMINI,
    ),
    ImageRule(
        names=r"gemini-[3-9](\.\d)?-.+",
        tokens=_gemini_by_detail,
        says="at most 280, 560 or 1,120 by the media resolution",
        source=_GEMINI.replace("image-understanding", "media-resolution"),
    ),
)
