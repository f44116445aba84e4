"""Tells kinds of text apart: what ratios between tokenizers depend on."""

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby
from typing import Final


class TextKind(StrEnum):
    """A kind of text, by its script; of Latin letters also by how much else there is."""

    PROSE = "plain Latin prose"
    ACCENTED = "Latin prose with accents"
    CODE = "code and JSON"
    NUMBERS = "tables of numbers"
    CYRILLIC = "Cyrillic"
    GREEK = "Greek"
    HEBREW = "Hebrew"
    ARABIC = "Arabic script"
    DEVANAGARI = "Devanagari"
    INDIC = "other Indic scripts"
    THAI = "Thai"
    HAN = "Chinese"
    KANA = "Japanese"
    HANGUL = "Korean"
    CAUCASIAN = "Georgian and Armenian"
    OTHER = "other scripts and signs"


_SCRIPTS: Final = {
    TextKind.CYRILLIC: "\u0400-\u052f",
    TextKind.GREEK: "\u0370-\u03ff\u1f00-\u1fff",
    TextKind.HEBREW: "\u0590-\u05ff",
    TextKind.ARABIC: "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    TextKind.DEVANAGARI: "\u0900-\u097f",
    TextKind.INDIC: "\u0980-\u0dff",
    TextKind.THAI: "\u0e00-\u0eff",
    TextKind.KANA: "\u3040-\u30ff\uff66-\uff9f",
    TextKind.HAN: "\u3400-\u9fff\uf900-\ufaff",
    TextKind.HANGUL: "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    TextKind.CAUCASIAN: "\u0530-\u058f\u10a0-\u10ff",
}
_OF_SCRIPT: Final = {kind: re.compile(f"[{ranges}]") for kind, ranges in _SCRIPTS.items()}
_PLAIN: Final = re.compile("[A-Za-z]")
_ACCENTED: Final = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_DIGIT: Final = re.compile("[0-9]")
_BLANK: Final = re.compile(r"\s")

_ACCENTED_SHARE: Final = 0.02
_NUMBERS_SHARE: Final = 0.25
_SIGNS_SHARE: Final = 0.15
"""Shares of a line's characters beside blanks; chosen so that each document of one kind is it."""


def segments(text: str) -> Iterator[tuple[TextKind, str]]:
    """Split `text` into stretches of lines of one kind; lines without any sign go with others."""
    kind = TextKind.PROSE
    lines = []
    for line in text.splitlines(keepends=True):
        kind = kind_of(line) or kind
        lines.append((kind, line))
    for of_kind, group in groupby(lines, key=lambda item: item[0]):
        yield of_kind, "".join(line for _, line in group)


def kind_of(line: str) -> TextKind | None:
    """The kind of a line; None where it is blank."""
    characters = len(line) - _number(_BLANK, line)
    if characters == 0:
        return None
    plain, digits = _number(_PLAIN, line), _number(_DIGIT, line)
    if line.isascii():
        return _latin(characters, plain, 0, digits)
    found = {kind: _number(pattern, line) for kind, pattern in _OF_SCRIPT.items()}
    if found[TextKind.KANA]:
        found[TextKind.KANA] += found[TextKind.HAN]
    accented = _number(_ACCENTED, line)
    kind = max(found, key=found.__getitem__)
    if found[kind] > plain + accented:
        return kind
    others = characters - plain - accented - digits - _ascii_signs(line)
    if others > plain + accented:
        return TextKind.OTHER
    return _latin(characters, plain, accented, digits)


def _latin(characters: int, plain: int, accented: int, digits: int) -> TextKind:
    if digits > _NUMBERS_SHARE * characters:
        return TextKind.NUMBERS
    if characters - plain - accented - digits > _SIGNS_SHARE * characters:
        return TextKind.CODE
    return TextKind.ACCENTED if accented > _ACCENTED_SHARE * characters else TextKind.PROSE


_SIGN: Final = re.compile(r"[!-/:-@\[-`{-~]")


def _ascii_signs(line: str) -> int:
    return _number(_SIGN, line)


def _number(pattern: re.Pattern[str], line: str) -> int:
    return len(pattern.findall(line))
