"""Messages between the two processes: JSON in ASCII, behind its length in four bytes.

JSON escapes let any string through, lone surrogates too.
"""

import json
import struct
from typing import Any

HEADER = struct.Struct(">I")

_encode = json.JSONEncoder(separators=(",", ":")).encode


def pack(message: Any) -> bytes:
    """The bytes of a message."""
    data = _encode(message).encode("ascii")
    return HEADER.pack(len(data)) + data


def unpack(data: bytes) -> Any:
    """The message in `data`, which comes without its header.

    Raises:
        ValueError: It is no JSON.
    """
    return json.loads(data)
