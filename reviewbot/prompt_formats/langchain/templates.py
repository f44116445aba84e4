"""Templates of LangChain's prompts, out of both of its ways to write them down.

Those of `load_prompt` have a `_type`; those of `dumps` are constructors with `kwargs`, which hold
the same keys.
"""

import json
import posixpath
from typing import Any

from msgspec import Struct

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, parse_json, parse_yaml, plain
from reviewbot.errors import MeasurementError
from reviewbot.prompt import LoadedFile, MessageTemplate, PromptText
from reviewbot.prompt_formats._common.lines import stands_in_lines
from reviewbot.prompt_formats._common.problems import wrong
from reviewbot.rendering.engines import langchain as engine

_LANGUAGES = {"f-string": "str-format", "jinja2": "jinja", "mustache": "mustache"}
_DEFAULT_SEPARATOR = "\n\n"


class Source(Struct, frozen=True, kw_only=True):
    """A file that templates stand in, and the prompt that it belongs to."""

    prompt: PromptText
    path: str
    text: str

    def refusal(
        self, what: str, node: Node, mend: str = "write it as LangChain writes prompts"
    ) -> MeasurementError:
        """The error to raise about a value in the file."""
        return wrong(what, mend, path=self.path, line=node.line)

    def load(self, node: Scalar) -> LoadedFile:
        """The file that a value names.

        Raises:
            MeasurementError: There is none.
        """
        loaded = self.prompt.surroundings.load(node.text, self.path)
        if loaded is None:
            raise self.refusal(f"there is no file {node.text!r}", node, "correct its name")
        return loaded

    def piece(self, node: Node | None) -> dict[str, Any]:
        """A text of a template, and where it stands."""
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            raise self.refusal("this is no text", node or _START)
        return {
            "text": node.value,
            "path": None if self.path == self.prompt.path else self.path,
            "line": node.line,
            "is_in_lines": stands_in_lines(node.value, self.text, node.line),
        }


_START = Scalar(line=1, value=None, text="")


def constructor(node: Node | None) -> tuple[str, MappingNode] | None:
    """The class that a value of `dumps` is of, and its arguments."""
    if not isinstance(node, MappingNode) or node.get("lc") is None:
        return None
    identity, kwargs = node.get("id"), node.get("kwargs")
    last = identity.items[-1] if isinstance(identity, ListNode) and identity.items else None
    if not isinstance(last, Scalar):
        return None
    empty = MappingNode(line=node.line, entries=())
    return last.text, kwargs if isinstance(kwargs, MappingNode) else empty


def kind(node: Node | None) -> str | None:
    """What a value is: `prompt`, `few_shot`, `chat`, or the class that `dumps` names."""
    found = constructor(node)
    if found is not None:
        names = {"PromptTemplate": "prompt", "FewShotPromptTemplate": "few_shot"}
        return names.get(found[0], found[0])
    if not isinstance(node, MappingNode):
        return None
    given = text_of(node.get("_type"))
    return "prompt" if given is None and node.get("template") is not None else given


def fields(node: MappingNode) -> MappingNode:
    """The values of a prompt, whichever way it is written down."""
    found = constructor(node)
    return node if found is None else found[1]


def text_of(node: Node | None) -> str | None:
    """The text of a scalar; None of all else."""
    return node.text if isinstance(node, Scalar) and node.value is not None else None


def is_null(node: Node | None) -> bool:
    """Whether there is no value."""
    return node is None or (isinstance(node, Scalar) and node.value is None)


def part(node: Node | None, source: Source) -> dict[str, Any]:
    """A prompt that is a text, as the engine takes it.

    Raises:
        MeasurementError: It is none.
    """
    given = kind(node)
    if given not in {"prompt", "few_shot"} or not isinstance(node, MappingNode):
        what = f"a template of kind {given!r} cannot be counted"
        raise source.refusal(what, node or _START)
    values = fields(node)
    partial = values.get("partial_variables")
    shared = {
        "language": _language(values, source),
        "partial": {} if is_null(partial) else plain(partial or _START),
    }
    if not isinstance(shared["partial"], dict):
        raise source.refusal("`partial_variables` is no mapping", partial or node)
    if given == "prompt":
        return {**shared, "separator": "", "pieces": [_text(values, "template", source)]}
    separator = values.get("example_separator")
    return {
        **shared,
        "separator": _DEFAULT_SEPARATOR if is_null(separator) else text_of(separator) or "",
        "pieces": [
            *([] if _is_absent(values, "prefix") else [_text(values, "prefix", source)]),
            _examples(values, source),
            _text(values, "suffix", source),
        ],
    }


def _is_absent(values: MappingNode, key: str) -> bool:
    return is_null(values.get(key)) and is_null(values.get(f"{key}_path"))


def _language(values: MappingNode, source: Source) -> str:
    node = values.get("template_format")
    given = text_of(node) or "f-string"
    if given not in _LANGUAGES:
        what = f"templates of format {given!r} cannot be rendered"
        raise source.refusal(what, node or values, "use f-string, mustache or jinja2")
    return _LANGUAGES[given]


def _text(values: MappingNode, key: str, source: Source) -> dict[str, Any]:
    """The text under a key, or in the file that `KEY_path` names."""
    named = values.get(f"{key}_path")
    if not isinstance(named, Scalar) or named.value is None:
        node = values.get(key)
        if node is None:
            raise source.refusal(f"there is no `{key}`", values)
        return source.piece(node)
    loaded = source.load(named)
    return {"text": loaded.text, "path": loaded.path, "line": 1, "is_in_lines": True}


def _examples(values: MappingNode, source: Source) -> dict[str, Any]:
    """The template of the examples, with the values of each."""
    if not is_null(values.get("example_selector")):
        what = "examples that are selected while the program runs cannot be measured"
        raise source.refusal(what, values.get("example_selector") or values, "list them")
    template, where = values.get("example_prompt"), source
    named = values.get("example_prompt_path")
    if isinstance(named, Scalar) and named.value is not None:
        loaded = source.load(named)
        template, where = document(loaded), source_of(loaded, source)
    given = part(template, where)
    if len(given["pieces"]) != 1:
        raise where.refusal("examples of examples cannot be rendered", template or values)
    (piece,) = given["pieces"]
    examples, _ = _listed(values.get("examples"), values, source)
    return {
        **piece,
        "language": given["language"],
        "partial": given["partial"],
        "examples": examples,
    }


def _listed(node: Node | None, values: MappingNode, source: Source) -> tuple[list[Any], Source]:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        loaded = source.load(node)
        node, source = document(loaded), source_of(loaded, source)
    data = plain(node) if node is not None else None
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise source.refusal("`examples` is no list of mappings", node or values)
    return data, source


def source_of(loaded: LoadedFile, source: Source) -> Source:
    """The source of what a file beside the prompt holds."""
    return Source(prompt=source.prompt, path=loaded.path, text=loaded.text)


def document(loaded: LoadedFile) -> Node:
    """What a JSON or YAML file holds."""
    is_json = posixpath.splitext(loaded.path)[1].lower() == ".json"
    parse = parse_json if is_json else parse_yaml
    return parse(loaded.text, file=loaded.path)


def message(parts: list[dict[str, Any]], *, role: str, partial: dict[str, Any]) -> MessageTemplate:
    """The message of some templates, whose texts follow each other.

    A text without any tag is sent as it stands.
    """
    pieces = [piece for given in parts for piece in given["pieces"]]
    line = next((piece["line"] for piece in pieces if piece["path"] is None), 1)
    if len(pieces) == 1 and parts[0]["language"] != "jinja" and "{" not in pieces[0]["text"]:
        text = pieces[0]["text"]
        if "examples" not in pieces[0] and "}" not in text:
            return MessageTemplate(role=role, text=text, line=line)
    for given in parts:
        given["partial"] = {**given["partial"], **partial}
        for piece in given["pieces"]:
            piece["line"] += 1 - line if piece["path"] is None else 0
    return MessageTemplate(
        role=role, text=json.dumps({"parts": parts}), engine=engine.NAME, line=line
    )
