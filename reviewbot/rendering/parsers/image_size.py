"""The size of an image, from its first bytes."""

import base64
import binascii
import io
import struct

from reviewbot.prompt import TemplateError

_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


def parse(text: str) -> list[int]:
    """Width and height in pixels of an image in base64.

    Raises:
        TemplateError: It is no PNG, JPEG, GIF or WebP image.

    """
    import imagesize  # type: ignore[import-untyped]  # it has no types

    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise _no_image("the image's data is not base64") from None
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    if not is_webp and not data.startswith(_SIGNATURES):
        raise _no_image("the image is no PNG, JPEG, GIF or WebP")
    try:
        width, height = imagesize.get(io.BytesIO(data))
    except (ValueError, struct.error):
        raise _no_image("the image does not say its size") from None
    if width < 1 or height < 1:
        raise _no_image("the image does not say its size")
    return [width, height]


def _no_image(what: str) -> TemplateError:
    return TemplateError(what, "put in the base64 text of a PNG, JPEG, GIF or WebP file")
