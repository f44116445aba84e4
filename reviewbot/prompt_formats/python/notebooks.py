"""Jupyter notebooks as Python source: each line of a code cell stands in its own line of the file.

The format is that of nbformat 4.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, parse_json
from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptText
from reviewbot.prompt_formats._common.problems import wrong
from reviewbot.rendering.parsers._common.magics import Line, without_magics

_LINES_MEND = "save it with Jupyter, which gives each line of a cell a line of the file"


def as_source(file: PromptText) -> PromptText:
    """A notebook as the Python source of its code cells; another file as it is.

    Raises:
        MeasurementError: It is no notebook of Python, or not written line by line.
    """
    if not file.path.lower().endswith(".ipynb"):
        return file
    node = parse_json(file.text, file=file.path)
    cells = node.get("cells") if isinstance(node, MappingNode) else None
    if not isinstance(node, MappingNode) or not isinstance(cells, ListNode):
        what = "this is no notebook of nbformat 4: it has no list of `cells`"
        raise wrong(what, "save it with Jupyter", path=file.path, line=node.line)
    if (language := _language(node)) not in {None, "python"}:
        what = f"the notebook is written in {language}, and only those in Python are read"
        raise wrong(what, "name a file of Python source", path=file.path, line=node.line)
    said: list[str] = []
    for number, line in (found for cell in cells.items for found in _cell(cell, file.path)):
        if number <= len(said):
            what = "two lines of a cell stand in one line of the notebook's file"
            raise wrong(what, _LINES_MEND, path=file.path, line=number)
        said += [""] * (number - 1 - len(said))
        said.append(line)
    return replace(file, text="\n".join(said) + "\n")


def _cell(cell: Node, path: str) -> Iterator[Line]:
    """The lines of Python in a cell; none of one that another program reads."""
    if not isinstance(cell, MappingNode) or _text(cell.get("cell_type")) != "code":
        return
    yield from without_magics([*_lines(cell.get("source"), path)])


def _lines(source: Node | None, path: str) -> Iterator[Line]:
    items = source.items if isinstance(source, ListNode) else [source] if source else []
    for item in items:
        text = _text(item)
        if text is None:
            raise _no_text(path, item.line if item is not None else 1)
        for line in text.removesuffix("\n").split("\n"):
            yield item.line, line


def _language(notebook: MappingNode) -> str | None:
    """The language that a notebook names, in lower case; None where it names none."""
    metadata = notebook.get("metadata")
    for holder, key in (("language_info", "name"), ("kernelspec", "language")):
        inner = metadata.get(holder) if isinstance(metadata, MappingNode) else None
        said = _text(inner.get(key)) if isinstance(inner, MappingNode) else None
        if said:
            return said.lower()[:60]
    return None


def _text(node: Node | None) -> str | None:
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None


def _no_text(path: str, line: int) -> MeasurementError:
    what = "the source of a cell is no text and no list of lines"
    return wrong(what, "save the notebook with Jupyter", path=path, line=line)
