"""Whether texts in released packages' source are what the languages themselves make of them.

Usage: python bench/source_values.py --cache FOLDER. Of the packages of `bench/source_recall.py`,
every constant of a module that is written out (literals, sums, methods of texts and names of such
constants) is evaluated by Python or by node, in a process without anything of the package's; what
reviewbot reads under the same name has to be the same text. Ends with 1 where one differs.
"""

import argparse
import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tree_sitter_javascript
import tree_sitter_typescript
from source_recall import ASIDE, FRESH, PACKAGES, source_files
from tree_sitter import Language, Node, Parser

from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptText, Surroundings
from reviewbot.prompt_formats.python import names as python_names
from reviewbot.prompt_formats.typescript import names as typescript_names
from reviewbot.rendering.parsing import LimitedParser

_SECONDS = 120
_METHODS = {"strip", "lstrip", "rstrip", "replace", "join", "dedent", "cleandoc"}
_SCRIPT_METHODS = {"trim", "trimStart", "trimEnd", "join", "replaceAll", "concat"}
_SCRIPT_LITERALS = {"string", "template_string", "number"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    chosen = parser.parse_args()
    wrong = 0
    for package in (*PACKAGES, *ASIDE, *FRESH):
        equal, different = 0, []
        contents = source_files(package, chosen.cache)
        with LimitedParser(_SECONDS) as limited:
            surroundings = Surroundings(load=lambda *_: None, parse=limited.parse)
            for path, data in contents.items():
                text = data.decode(errors="replace")
                file = PromptText(path=path, text=text, surroundings=surroundings)
                for name, expected, said in _compared(file):
                    equal += expected == said
                    different += [] if expected == said else [f"{path}#{name}"]
        wrong += len(different)
        print(f"{package.name}: {equal:,} of {equal + len(different):,} equal")
        for item in different[:20]:
            print(f"  differs {item}")
    sys.exit(1 if wrong else 0)


def _compared(file: PromptText) -> Iterator[tuple[str, str, str]]:
    """Names of constants, what the language makes of each, and what reviewbot reads."""
    is_python = file.path.endswith(".py")
    evaluated = _by_python(file.text) if is_python else _by_node(file)
    if not evaluated:
        return
    names = python_names if is_python else typescript_names
    try:
        prompts = names.all_prompts(file)
    except MeasurementError:
        return
    for name, value in evaluated.items():
        messages = prompts.get(name, {}).get("messages", [])
        if len(messages) == 1 and isinstance(messages[0].get("text"), str):
            yield name, value, messages[0]["text"]


def _by_python(text: str) -> Mapping[str, str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return {}
    lines: list[str] = []
    names: set[str] = set()
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_pure(value, names):
                lines.append(ast.get_source_segment(text, node) or "")
                names.add(name)
    if not lines:
        return {}
    script = _IMPORTS + "\n".join(lines)
    script += "\nprint(json.dumps({k: v for k, v in list(vars().items()) if type(v) is str}))\n"
    found = _run([sys.executable, "-I", "-S", "-"], script)
    return {name: value for name, value in found.items() if name in names}


_IMPORTS = """
import inspect, json, textwrap
from inspect import cleandoc
from textwrap import dedent
"""


def _is_pure(node: ast.expr, names: set[str]) -> bool:  # noqa: PLR0911 - one for each kind
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name in names
        case ast.JoinedStr(values=values) | ast.List(elts=values):
            return all(_is_pure(item, names) for item in values)
        case ast.FormattedValue(value=value):
            return _is_pure(value, names)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _is_pure(left, names) and _is_pure(right, names)
        case ast.Call(func=ast.Attribute(value=value, attr=attr), args=args, keywords=[]):
            is_module = isinstance(value, ast.Name) and value.id in {"textwrap", "inspect"}
            on = is_module or _is_pure(value, names)
            return attr in _METHODS and on and all(_is_pure(item, names) for item in args)
        case ast.Call(func=ast.Name(id="dedent" | "cleandoc"), args=[given], keywords=[]):
            return _is_pure(given, names)
        case _:
            return False


_JAVASCRIPT = Language(tree_sitter_javascript.language())
_TYPESCRIPT = Language(tree_sitter_typescript.language_typescript())


def _by_node(file: PromptText) -> Mapping[str, str]:
    is_script = file.path.endswith((".js", ".jsx", ".mjs", ".cjs"))
    root = Parser(_JAVASCRIPT if is_script else _TYPESCRIPT).parse(file.text.encode()).root_node
    lines: list[str] = []
    names: set[str] = set()
    for node in root.named_children:
        declared = node.child_by_field_name("declaration") or node
        if declared.type != "lexical_declaration" or not _said(declared).startswith("const"):
            continue
        for item in declared.named_children:
            name, value = (item.child_by_field_name(key) for key in ("name", "value"))
            if name is not None and value is not None and _is_pure_script(value, names):
                lines.append(f"const {_said(name)} = {_said(value)};")
                names.add(_said(name))
    if not lines:
        return {}
    listed = ", ".join(sorted(names))
    ending = f"\nconsole.log(JSON.stringify({{ {listed} }}));\n"
    found = _run([shutil.which("node") or "node", "--input-type=module"], "\n".join(lines) + ending)
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _said(node: Node) -> str:
    return node.text.decode(errors="replace") if node.text else ""


def _is_pure_script(node: Node, names: set[str]) -> bool:  # noqa: PLR0911 - one for each kind
    inner = node.named_children
    match node.type:
        case "string" | "number":
            return True
        case "template_string":
            holes = [item for item in inner if item.type == "template_substitution"]
            return all(_is_pure_script(hole.named_children[0], names) for hole in holes)
        case "identifier":
            return _said(node) in names
        case "binary_expression":
            is_sum = _said(node.child_by_field_name("operator") or node) == "+"
            return is_sum and all(_is_pure_script(item, names) for item in inner)
        case "parenthesized_expression" | "array":
            return all(_is_pure_script(item, names) for item in inner)
        case "call_expression":
            function, given = inner[0], inner[-1]
            name = _said(function.child_by_field_name("property") or function)
            on = function.child_by_field_name("object")
            is_known = name in _SCRIPT_METHODS and on is not None and _is_pure_script(on, names)
            return is_known and all(_is_pure_script(item, names) for item in given.named_children)
        case _:
            return False


def _run(command: list[str], script: str) -> dict[str, Any]:
    """What a program prints as JSON, in an environment of its own; nothing where it fails."""
    done = subprocess.run(
        command, input=script, capture_output=True, text=True, timeout=_SECONDS, check=False, env={}
    )
    return json.loads(done.stdout) if done.returncode == 0 else {}


if __name__ == "__main__":
    main()
