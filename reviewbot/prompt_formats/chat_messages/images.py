"""Images in chat requests: their size, as far as the file tells it."""

import re

from reviewbot.documents import MappingNode, Node, Scalar
from reviewbot.errors import MeasurementError
from reviewbot.prompt import Image, PromptText
from reviewbot.prompt_formats._common.problems import wrong

_DETAILS = ("auto", "low", "high", "original")
_DATA_URL = re.compile(r"data:[^,;]{0,100}(?:;[^,;]{1,100}){0,5};base64,", re.IGNORECASE)
_TAGS = ("{{", "{%")


def read_image(node: MappingNode, file: PromptText) -> Image:
    """The image that a part holds, or a link or a variable that stands for one.

    Raises:
        MeasurementError: It is none, or its data are none.
    """
    link = node.get("image_url")
    inner = link if isinstance(link, MappingNode) else node
    detail = inner.get("detail")
    asked = detail.value if isinstance(detail, Scalar) else None
    if detail is not None and asked not in {*_DETAILS, None}:
        mend = f"use one of {', '.join(_DETAILS)}"
        raise wrong("the `detail` is none of the API's", mend, path=file.path, line=detail.line)
    width, height, varies = _size(_source(node, link), node, file)
    return Image(width=width, height=height, detail=str(asked or "auto"), varies=varies)


def _source(node: MappingNode, link: Node | None) -> Scalar | None:
    """Where the image's data, link or file id stands."""
    source = node.get("source")
    places = (
        (source, ("data", "url", "file_id")),
        (link, ("url", "file_id")),
        (node, ("image_url", "file_id")),
    )
    for place, keys in places:
        for key in keys if isinstance(place, MappingNode) else ():
            found = place.get(key) if isinstance(place, MappingNode) else None
            if isinstance(found, Scalar) and isinstance(found.value, str) and found.value:
                return found
    return None


def _size(
    source: Scalar | None, node: MappingNode, file: PromptText
) -> tuple[int | None, int | None, bool]:
    if source is None:
        mend = "write `image_url: {url: …}`, or a `source` with `data` or `url`"
        raise wrong("the image has no source", mend, path=file.path, line=node.line)
    text = source.text
    if any(tag in text for tag in _TAGS):
        return None, None, True
    data_url = _DATA_URL.match(text)
    holder = node.get("source")
    is_data = isinstance(holder, MappingNode) and holder.get("data") is source
    if data_url is None and not is_data:
        return None, None, False
    data = text[data_url.end() :] if data_url is not None else text
    try:
        width, height = file.surroundings.parse("image-size", data, file.path)
    except MeasurementError as error:
        (problem,) = error.problems
        raise wrong(problem.what, problem.mend, path=file.path, line=source.line) from None
    return width, height, False
