"""Whether a `.zst` file has its end: DuckDB reads one that is cut short as if it were whole.

Format: RFC 8878, section 3.1. Only headers are read; the blocks between them are skipped.
"""

import os
from typing import BinaryIO

_FRAME = 0xFD2FB528
_SKIPPABLE, _SKIPPABLE_MASK = 0x184D2A50, 0xFFFFFFF0
_CONTENT_SIZE_BYTES = (0, 2, 4, 8)
_DICTIONARY_ID_BYTES = (0, 1, 2, 4)
_CHECKSUM_BYTES = 4
_REPEATED_BYTE = 1
"""The type of a block that is one byte, whatever size it unpacks to."""


def is_cut_short(path: str) -> bool:
    """Whether the last frame of the file at `path` lacks its end; False for what is no zstd.

    Raises:
        OSError: It cannot be read.

    """
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        try:
            while file.tell() < size:
                magic = _number(file, 4)
                if magic & _SKIPPABLE_MASK == _SKIPPABLE:
                    file.seek(_number(file, 4), os.SEEK_CUR)
                elif magic == _FRAME:
                    _skip_frame(file)
                else:
                    return False
        except EOFError:
            return True
        return file.tell() > size


def _skip_frame(file: BinaryIO) -> None:
    """Go behind a frame whose magic number has been read."""
    flags = _number(file, 1)
    is_single_segment = bool(flags & 0b10_0000)
    content_size = _CONTENT_SIZE_BYTES[flags >> 6] or int(is_single_segment)
    window = 0 if is_single_segment else 1
    file.seek(window + _DICTIONARY_ID_BYTES[flags & 0b11] + content_size, os.SEEK_CUR)
    is_last = False
    while not is_last:
        block = _number(file, 3)
        is_last = bool(block & 1)
        is_repeated = block >> 1 & 0b11 == _REPEATED_BYTE
        file.seek(1 if is_repeated else block >> 3, os.SEEK_CUR)
    if flags & 0b100:
        file.seek(_CHECKSUM_BYTES, os.SEEK_CUR)


def _number(file: BinaryIO, size: int) -> int:
    """The next bytes as a number; EOFError where fewer are left."""
    found = file.read(size)
    if len(found) < size:
        raise EOFError
    return int.from_bytes(found, "little")
