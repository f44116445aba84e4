"""The regular expressions of the package, texts that are hard for each, and how long they take.

Run as a module it measures every expression that it finds and prints, as JSON, those that are too
slow; with `[[pattern, flags, method], …]` as its argument it measures these.
"""

import ast
import importlib
import json
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from fnmatch import translate
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from msgspec import Struct

import reviewbot
from reviewbot import prompt_formats
from reviewbot.configuration.kinds import Text
from reviewbot.rendering.engines import jinja
from reviewbot.tokens.caching import CachingRule
from reviewbot.tokens.images import ImageRule
from reviewbot.tokens.rules import Row
from reviewbot.tokens.splitting import PATTERNS, splitter
from tests.support.repetitions import LONG, examples, part

_parser: Any = importlib.import_module("re._parser")  # what `re.compile` reads patterns with

METHODS = {"match", "search", "fullmatch", "finditer", "findall", "sub", "subn", "split"}
_ENDINGS = ("", "\0", "\n!")
_SCREENED_CHARACTERS = 5_000 if LONG else 2_000
_SCREENED_SECONDS = 0.004
_NO_TIME_SECONDS = 0.1
_SECONDS = 0.7
_GROWTH = 12.0
"""The most that four times the text may take: 4 where time is linear, 16 where it is quadratic."""


class Expression(NamedTuple):
    """An expression, the method that it is used with, and the module that uses it."""

    pattern: str | bytes
    flags: int
    method: str
    module: str


def modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(reviewbot.__path__, "reviewbot."):
        if not found.name.endswith("__main__"):
            yield found.name


@cache
def _tree(module: str) -> ast.Module:
    path = importlib.import_module(module).__file__
    assert path is not None
    return ast.parse(Path(path).read_text("utf-8"))


@cache
def _calls(module: str) -> list[tuple[ast.expr, str, ast.Call]]:
    """Every call of a method: what it is called on, its name, and the call."""
    return _calls_in(_tree(module))


def _calls_in(tree: ast.AST) -> list[tuple[ast.expr, str, ast.Call]]:
    return [
        (node.func.value, node.func.attr, node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def _is_re(receiver: ast.expr) -> bool:
    return isinstance(receiver, ast.Name) and receiver.id == "re"


def literal(module: str) -> Iterator[Expression]:
    """What stands in `re.match("…", …)` and the like; flags count whether named or not."""
    for receiver, method, call in _calls(module):
        pattern = (
            call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        )
        if _is_re(receiver) and method in METHODS and isinstance(pattern, str | bytes):
            names = re.findall(r"re\.([A-Z]+)\b", ast.unparse(call))
            flags = sum(getattr(re, name) for name in set(names))
            yield Expression(pattern, int(flags), method, module)


def computed(module: str) -> Iterator[str]:
    """Each function that makes an expression of what is no literal, as `module:function`."""
    if not any(_is_re(receiver) for receiver, *_ in _calls(module)):
        return
    for function in ast.walk(_tree(module)):
        if isinstance(function, ast.FunctionDef):
            for receiver, method, call in _calls_in(function):
                if _is_re(receiver) and method in METHODS | {"compile"} and not _is_literal(call):
                    yield f"{module}:{function.name}"


def _is_literal(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant)


def _objects(value: object, seen: set[int]) -> Iterator[object]:
    """`value` and what it is made of, as far as it is the package's own."""
    if id(value) in seen:
        return
    seen.add(id(value))
    yield value
    parts: list[object] = []
    if isinstance(value, tuple | list | set | frozenset):
        parts = list(value)
    elif isinstance(value, dict):
        parts = [*value, *value.values()]
    elif isinstance(value, Struct):
        parts = [getattr(value, name) for name in type(value).__struct_fields__]
    elif type(value).__module__.startswith("reviewbot.") and hasattr(value, "__dict__"):
        parts = list(vars(value).values())
    for inner in parts:
        yield from _objects(inner, seen)


def kept(module: str) -> Iterator[tuple[str, object]]:
    """What a module's names hold, however deep."""
    for name, value in vars(importlib.import_module(module)).items():
        if not name.startswith("__"):
            yield from ((name, part) for part in _objects(value, set()))


@cache
def _called() -> frozenset[tuple[str, str, str]]:
    """Every call of an expression's method: the module, the name that it is called on, the method."""
    found = set()
    for module in modules():
        for receiver, method, _ in _calls(module):
            if method in METHODS and not _is_re(receiver):
                called = receiver.attr if isinstance(receiver, ast.Attribute) else ""
                called = receiver.id if isinstance(receiver, ast.Name) else called
                found.add((module, called, method))
    return frozenset(found)


def _uses(name: str, module: str) -> set[str]:
    """The methods that the compiled expression called `name` is used with."""
    is_private = name.startswith("_")
    direct = {
        method
        for other, called, method in _called()
        if called == name and (other == module or not is_private)
    }
    through_others = {
        method
        for other, called, method in _called()
        if other == module and not called.isupper() and method != "split"  # which strings have too
    }
    return direct or through_others or {"fullmatch", "finditer"}


def _given(pattern: re.Pattern[str], method: str) -> Expression:
    return Expression(pattern.pattern, pattern.flags, method, "computed")


COMPUTED: dict[str, Callable[[], list[Expression]]] = {
    "reviewbot.configuration.kinds.several:read": list,  # of each `Text`, which is looked for
    "reviewbot.configuration.kinds.single:matches": list,  # likewise
    "reviewbot.tokens.refusals:why_refused": list,  # of 200 characters at most
    "reviewbot.tokens.model_names:_family": list,  # likewise
    "reviewbot.costs.regions:factor_of": list,  # likewise
    "reviewbot.costs.regions:is_unpriced": list,  # likewise
    "reviewbot.costs.litellm_file:_rate": list,  # of our own names of keys
    "reviewbot.configuration.shape.usage:matches": list,  # only compiled here
    "reviewbot.configuration.shape.usage:refusal": list,  # likewise
    "reviewbot.rendering.engines._common.template_tags:dedent": list,  # of our own signs
    "reviewbot.tokens.caching:caching_rule": list,  # of each `CachingRule`, likewise
    "reviewbot.tokens.images:image_tokens": list,  # of each `ImageRule`, likewise
    "reviewbot.configuration.shape.workflows:reference": list,  # a `Text`, likewise
    "reviewbot.tokens.rules.row:_is_named": list,  # of each `Row`, likewise
    "reviewbot.costs.installed_catalogue:_clause": list,  # of genai-prices, only compiled here
    "reviewbot.tokens.packed:__init__": list,  # a class of characters, in each vocabulary once
    "reviewbot.commands._common.meant_words:split_argument": list,  # of our own words of usage
    "reviewbot.commands._common.parsing:_of_another_command": list,  # likewise
    "reviewbot.scope.sent_otherwise.imported_names:takes_all": list,  # of a name, escaped
    "reviewbot.policy.held_swaps:_masked": list,  # of two names, likewise
    "reviewbot.unconfigured.unplaced:_without": list,  # of a path, likewise
    "reviewbot.scope.sent_otherwise.carried_texts:line_of": lambda: [
        Expression(r"^[^\n=:]*\bname\b", int(re.MULTILINE), "search", "computed")
    ],
    "reviewbot.costs.tiers:_compiled": lambda: [
        _given(re.compile(translate(pattern)), "fullmatch") for pattern in ("*a" * 100, "gpt-*-*")
    ],
    "reviewbot.prompt_formats:_expression": lambda: [
        _given(
            vars(prompt_formats)["_expression"](prompt_formats.by_name(name).RECOGNIZED), "match"
        )
        for name in prompt_formats.names()
    ],
    "reviewbot.rendering.engines.prompty:_expanded": lambda: [
        Expression(r"__PROMPTY_THREAD_0123456789abcdef_\d+__", 0, "search", "computed")
    ],
    "reviewbot.rendering.engines.jinja:_reference": lambda: [
        _given(vars(jinja)["_reference"](*signs), "finditer")
        for signs in (("{%", "%}"), ("<", ">"), ("[[[[", "]]]]"))
    ],
    "reviewbot.tokens.splitting:splitter": lambda: [
        _given(splitter(name), "finditer") for name in PATTERNS
    ],
    "reviewbot.rendering.engines.jinja:_catching": lambda: [
        _given(vars(jinja)["_catching"](sign), "search") for sign in ("{%", "<", "[[[[")
    ],
    "reviewbot.documents.indentation_slips:_deeper_than_above": lambda: [
        Expression(r" {4}[\w-]+", 0, "fullmatch", "computed")
    ],
    "reviewbot.documents.syntax_slips:_text_with_colon": lambda: [
        Expression(pattern, 0, "split", "computed") for pattern in (r"[,}\]]", r"[ \t]#")
    ],
    "reviewbot.measurement.unfit_values:no_number": lambda: [
        Expression(rf"(?<![\w.])([A-Za-z_][\w.]{{0,200}})\s{{0,9}}{end}", 0, "finditer", "computed")
        for end in (r"\|\s{0,9}round\b", ">=")
    ],
    "reviewbot.discovery.name_uses:_times_set": lambda: [
        Expression(r"(?<![\w.])text\s{0,9}(?::[^=\n]{1,80})?=(?![=>])", 0, "finditer", "computed")
    ],
    "reviewbot.discovery.name_uses:named": lambda: [
        Expression(r"(?<![\w$])RULES(?![\w$])", 0, "finditer", "computed")
    ],
    "reviewbot.measurement.typed_values:typed_value": lambda: [
        Expression(pattern, 0, "search", "computed")
        for pattern in (
            r"\bfor\s{1,9}(\w{1,60})\s{1,9}in\s{1,9}day\b",
            r"\{day:[^{}]{0,50}%[A-Za-z]",
            r"\{day:[^{}]{0,50}([bcdoxXeEfFgGn%])\}",
        )
    ],
    "reviewbot.measurement.typed_values:_mapping": lambda: [
        Expression(r"(?<![\w.])day\.([A-Za-z_]\w{0,60})(?![\w(])", 0, "findall", "computed")
    ],
    "reviewbot.measurement.unrun_code:without_code": lambda: [
        Expression(r"(?<![\w.'\"])now\s{0,9}\(", 0, "search", "computed")
    ],
    "reviewbot.rendering.engines.jinja.unended_tags:__init__": lambda: [
        Expression(pattern, 0, method, "computed")
        for pattern in (r"\{%[-+]?\s{0,99}(?:end)?raw\s{0,99}[-+]?%\}", r"\{\{|\{%|\{\#")
        for method in ("search", "match")
    ],
    "reviewbot.scope.sent_otherwise.imported_names:imports": lambda: [
        Expression(r"\bprompts\.SYSTEM\b", 0, "search", "computed"),
        Expression(
            r"\bprompts\s{1,9}import\s{0,9}(\([^)]{0,5000}|[^\n(][^\n]{0,500})",
            0,
            "finditer",
            "computed",
        ),
        Expression(
            r"\{([^{}]{0,5000})\}\s{0,9}(?:from|=\s{0,9}require)[^\n]{0,300}?\bprompts\b",
            0,
            "finditer",
            "computed",
        ),
    ],
    "reviewbot.scope.sent_otherwise.imported_names:may_mean": lambda: [
        Expression(
            r"(?:def|class|function|const|let|var)\s+(ask)\b|^\s*(?:async\s+)?(ask)\s*\(",
            int(re.MULTILINE),
            "search",
            "computed",
        ),
        Expression(r"\bClient\b", 0, "search", "computed"),
        Expression(r"\.\s{0,80}ask\s{0,80}\(", 0, "search", "computed"),
    ],
    "reviewbot.scope.sent_otherwise.through_files:_line_of": lambda: [
        Expression(r"^[^\n=:]*\bask\b", int(re.MULTILINE), "search", "computed")
    ],
    "reviewbot.scope.sent_otherwise.linked_files:_words": lambda: [
        Expression(r"(?<![\w$])(?:ask|tell)(?![\w$])", 0, "search", "computed")
    ],
    "reviewbot.unconfigured.renamed_variables:_masked": lambda: [
        Expression(r"(?<!\w)name(?!\w)|(?<!\w)day(?!\w)", 0, method, "computed")
        for method in ("sub", "findall")
    ],
    "reviewbot.prompts.named_variables:is_named": lambda: [
        Expression(r"(?<!\w)name(?!\w)", 0, "finditer", "computed")
    ],
}
"""Functions that make expressions of what is no literal, and what these may look like."""


LIMITED = {
    ("reviewbot.rendering.engines.promptfoo", r"\{#.*?#\}"),
    (
        "reviewbot.rendering.engines.promptfoo",
        r"\{\{\s*([^{}\s|]+)\s*(?:\|[^}]+)?\}\}|\{%\s*(?:if|for)\s+([^{}\s]+)\s*[^\n]*?%\}",
    ),
    ("reviewbot.rendering.engines.prompty", r"!\[[^\]]*+\]\(([^)\n]*)\)"),
}
"""What the libraries of engines search with, and we alike, in the rendering process only.

A template has a second there, however its text is made.
"""


def expressions() -> list[Expression]:
    """Every expression of the package with every method that it is used with, but for `LIMITED`."""
    found: dict[Expression, None] = {}
    for module in modules():
        found |= dict.fromkeys(literal(module))
        for name, value in kept(module):
            match value:
                case re.Pattern():
                    for method in _uses(name, module):
                        found[Expression(value.pattern, value.flags, method, module)] = None
                case Text():
                    found[Expression(value.pattern, 0, "fullmatch", "Text")] = None
                case CachingRule() | ImageRule():
                    found[Expression(value.names, 0, "fullmatch", type(value).__name__)] = None
                case Row():
                    found[Expression(value.models, 0, "fullmatch", type(value).__name__)] = None
                case _:
                    pass
        for function in computed(module):
            found |= dict.fromkeys(COMPUTED.get(function, list)())
    return [item for item in found if (item.module, item.pattern) not in LIMITED]


# Texts that are hard for an expression: the parts of what it matches, over and over, then a miss

_CLASSES = {
    "CATEGORY_DIGIT": "1",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_NOT_WORD": " ",
}


def _one_of(items: Any, variant: int) -> str:
    """A character of a class; another one for another variant."""
    members: list[str] = []
    negated = False
    for operation, value in items:
        match str(operation):
            case "NEGATE":
                negated = True
            case "LITERAL":
                members.append(chr(value))
            case "RANGE":
                members += [chr(value[0]), chr(value[1])]
            case "CATEGORY":
                members.append(_CLASSES[str(value)])
    if negated:
        members = [c for c in "a 1_\t<\"'{-" if c not in members] or ["é"]
    return members[variant % len(members)]


class _Sampler:
    """Walks a parsed expression; `sequences` are the parts of each run, and what comes before."""

    def __init__(self, variant: int) -> None:
        self.variant = variant
        self.sequences: list[tuple[str, list[str]]] = []

    def run(self, parsed: Any, before: str) -> str:
        parts: list[str] = []
        for operation, value in parsed:
            parts.append(self._part(str(operation), value, before + "".join(parts)))
        self.sequences.append((before, parts))
        return "".join(parts)

    def _part(  # noqa: PLR0911 - one for each operation
        self, operation: str, value: Any, before: str
    ) -> str:
        match operation:
            case "LITERAL":
                return str(chr(value))
            case "NOT_LITERAL":
                return "a" if chr(value) != "a" else "b"
            case "ANY":
                return "a\t<"[self.variant % 3]
            case "IN":
                return _one_of(value, self.variant)
            case "BRANCH":
                found = [self.run(branch, before) for branch in value[1]]
                return found[self.variant % len(found)]
            case "SUBPATTERN":
                return self.run(value[-1], before)
            case "ATOMIC_GROUP":
                return self.run(value, before)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                times = max(1, min(int(value[0]), 50))
                return self.run(value[2], before) * times
            case "ASSERT" | "ASSERT_NOT":
                self.run(value[1], before)
                return ""
            case _:
                return ""


def hard_texts(pattern: str | bytes, flags: int) -> list[tuple[str, str, str]]:
    """Beginning, what is repeated, and end of texts that are hard for an expression."""
    found: dict[tuple[str, str], None] = {}
    parsed = _parser.parse(pattern, flags)
    for variant in range(4):
        sampler = _Sampler(variant)
        whole = sampler.run(parsed, "")
        characters = sorted(set(whole) | set(" \n\ta1"))
        for before, parts in sampler.sequences:
            starts = range(len(parts)) if len(parts) <= 40 else range(0, len(parts), 8)
            for start in starts:
                for end in {start + 1, start + 2, start + 3, start + 5, len(parts)}:
                    found[before + "".join(parts[:start]), "".join(parts[start:end])] = None
        for character in characters:
            found |= {("", character): None, (whole, character): None}
            found |= {(whole[: len(whole) // 2], character): None}
    return [(*text, ending) for text in found if text[1] for ending in _ENDINGS]


def _text(parts: tuple[str, str, str], characters: int) -> str:
    beginning, repeated, ending = parts
    return beginning + repeated * (characters // len(repeated)) + ending


def _stop(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise TimeoutError


def seconds(expression: Expression, text: str) -> float:
    """The processor's seconds for one text; TimeoutError where it takes too many."""
    compiled = re.compile(expression.pattern, expression.flags)
    given: Any = text if isinstance(expression.pattern, str) else text.encode("utf-8", "replace")
    method: Any = getattr(compiled, expression.method)
    signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS)
    began = time.process_time()
    try:
        match expression.method:
            case "sub" | "subn":
                method("", given) if isinstance(given, str) else method(b"", given)
            case "finditer":
                for _ in method(given):
                    pass
            case _:
                method(given)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - began


def slow(expression: Expression) -> str | None:
    """What makes an expression slow, None where its time grows with the text's length."""
    worst, hardest = 0.0, ("", "a", "")
    texts = hard_texts(expression.pattern, expression.flags)
    try:
        for parts in texts if expression.module == "given" else part(part(texts)):
            hardest_yet = seconds(expression, _text(parts, _SCREENED_CHARACTERS))
            if hardest_yet >= worst:
                worst, hardest = hardest_yet, parts
            if hardest_yet > _SCREENED_SECONDS and _growth(expression, parts) > _GROWTH:
                return repr(parts)
        parts = hardest
        if seconds(expression, _text(hardest, examples(1_000_000))) < _NO_TIME_SECONDS:
            return None
        grown = _growth(expression, hardest)
    except TimeoutError:
        return f"over {_SECONDS} s: {parts!r}"
    return repr(hardest) if grown > _GROWTH else None


def _growth(expression: Expression, parts: tuple[str, str, str]) -> float:
    """How many times longer four times the text takes; 1 where even that is done in no time."""
    short, long = _text(parts, 50_000), _text(parts, 200_000)
    longer = min(seconds(expression, long) for _ in range(2))
    if longer < _NO_TIME_SECONDS:
        return 1.0
    return longer / max(0.001, min(seconds(expression, short) for _ in range(2)))


def main() -> None:
    signal.signal(signal.SIGVTALRM, _stop)
    given = [
        Expression(pattern, flags, method, "given")
        for pattern, flags, method in json.loads(sys.argv[1] if sys.argv[1:] else "[]")
    ]
    for expression in given or expressions():
        why = slow(expression)
        if why is not None:
            found = [str(expression.pattern), expression.method, expression.module, why]
            sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
