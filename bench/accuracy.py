"""Holds our input tokens against billed ones: bench/accuracy.py BILLS.jsonl.gz … [--write].

A bill is a JSON object: `url`, `model` (that answered), `request` (the body), and what the provider
counted, `billed_input_tokens`. Prints the tables of docs/accuracy.md: bills by vendor and kind of
request, and each rule of `reviewbot.tokens.rules`; --write puts them there. A rule whose figures of
bills are not those found is named. Bills stay where they are: this project keeps none.
"""

import argparse
import gzip
import json
import re
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import msgspec
from msgspec import Struct

from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptFile, PromptText, Surroundings
from reviewbot.prompt_formats import chat_messages
from reviewbot.rendering.parsers import image_size
from reviewbot.tokens import Counter, Message, Model, count_call, resolve
from reviewbot.tokens.rules import CHOICES, MESSAGES, SCHEMAS, SETTINGS, TOOLS, Row, rule_for

PROVIDERS = {
    "api.anthropic.com": "anthropic",
    "api.cerebras.ai": "cerebras",
    "api.deepseek.com": "deepseek",
    "api.groq.com": "groq",
    "api.mistral.ai": "mistral",
    "api.openai.com": "openai",
    "api.together.ai": "together",
    "api.together.xyz": "together",
    "openrouter.ai": "openrouter",
    "router.huggingface.co": "huggingface",
}
PARTS = {
    *("refusal", "text", "input_text", "output_text", "image", "image_url", "input_image"),
    *("tool_use", "tool_result", "thinking", "document"),
}
"""The parts of messages that stand in a request whole."""


class Bill(Struct, frozen=True, kw_only=True):
    """One request as it is counted here, and what was billed."""

    vendor: str
    kind: str
    reference: str
    file: PromptFile
    billed: int


class Result(Struct, frozen=True, kw_only=True):
    """A bill and our count."""

    bill: Bill
    model: Model
    ours: int
    exact: bool

    @property
    def error(self) -> float:
        """The difference, as a share of what was billed."""
        return abs(self.ours - self.bill.billed) / self.bill.billed

    @property
    def is_near(self) -> bool:
        """Within 2% or 2 tokens."""
        return abs(self.ours - self.bill.billed) <= max(2, 0.02 * self.bill.billed)


PAGE = Path(__file__).parents[1] / "docs" / "accuracy.md"
TABLES: dict[str, tuple[Any, ...]] = {
    "messages": MESSAGES,
    "tools": TOOLS,
    "tool choice": CHOICES,
    "answer schema": SCHEMAS,
    "setting": SETTINGS,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("bills", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    chosen = parser.parse_args()
    results = list(measured(chosen.bills))
    tables = {"measured": table(results), "rules": rules()}
    print("\n\n".join(tables.values()))
    wrong = sum(item.exact and item.ours != item.bill.billed for item in results)
    print(f"\n`exact`: {sum(item.exact for item in results)}, of these wrong: {wrong}")
    for name, rule, near, found in used(results):
        if (rule.near, rule.bills) != (near, found):
            print(f"{name}: {rule.models} {rule.providers} {rule.apis}: {near} of {found}")
    if chosen.write:
        page = PAGE.read_text("utf-8")
        for name, text in tables.items():
            begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
            before, _, rest = page.partition(begin)
            page = f"{before}{begin}{text}\n{end}{rest.partition(end)[2]}"
        PAGE.write_text(page, "utf-8")


def measured(paths: Iterable[Path]) -> Iterator[Result]:
    counter = Counter()
    for path in paths:
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
            for line in lines:
                bill = read(json.loads(line))
                result = None if bill is None else counted(bill, counter)
                if result is not None:
                    yield result


def counted(bill: Bill, counter: Counter) -> Result | None:
    try:
        model = resolve(bill.reference)
        tokens = count_call(
            model,
            [
                Message(
                    role=message.role,
                    text=message.text,
                    name=message.name,
                    images=message.images,
                    documents=message.documents,
                )
                for message in bill.file.messages
            ],
            tools=bill.file.tools,
            response_schemas=[bill.file.response_schema] if bill.file.response_schema else [],
            parameters=bill.file.call_parameters,
            counter=counter,
        )
    except MeasurementError as error:
        print(f"not measured: {error}", file=sys.stderr)
        return None
    return Result(bill=bill, model=model, ours=tokens.input_tokens, exact=tokens.exact)


def read(row: dict[str, Any]) -> Bill | None:
    """A bill; None where a part of it is known to the vendor alone, or its text is a template."""
    url, body = urlparse(row["url"]), row["request"]
    text = json.dumps(body, ensure_ascii=False)
    if re.search(r"\{\{|\{%|\{#", text) or not is_whole(body):
        return None
    if "googleapis" in url.netloc:
        found = re.search(
            r"models/([^:/]+):(?:stream)?(?:[gG]enerateContent|countTokens)", url.path
        )
        chat = gemini(body) if found else None
        if found is None or chat is None:
            return None
        vendor = "vertex_ai" if "aiplatform" in url.netloc else "google"
        reference = f"{vendor}/{found[1]}"
    elif url.path.endswith("/responses") or (url.netloc in PROVIDERS and "messages" in body):
        chat, vendor = body, PROVIDERS.get(url.netloc, "openai")
        reference = f"{vendor}/{body.get('model', row['model'])}"
    else:
        return None
    surroundings = Surroundings(
        load=lambda *_: None, parse=lambda _, data, __: image_size.parse(data)
    )
    try:
        file = chat_messages.read(
            PromptText(path="bill.chat.json", text=json.dumps(chat), surroundings=surroundings)
        )
    except MeasurementError as error:
        print(f"not read: {error}", file=sys.stderr)
        return None
    return Bill(
        vendor=vendor,
        kind=kind_of(file),
        reference=reference,
        file=file,
        billed=row["billed_input_tokens"],
    )


def kind_of(file: PromptFile) -> str:
    kinds = [
        "images" if any(message.images for message in file.messages) else None,
        "tools" if file.tools else None,
        "answer schema" if file.response_schema else None,
        "thinking" if file.parameters.thinking else None,
    ]
    return ", ".join(kind for kind in kinds if kind is not None) or "text"


def is_whole(body: dict[str, Any]) -> bool:
    """Whether all that was counted stands in the request: no files, nothing that vendors run."""
    for tool in body.get("tools") or []:
        kind = tool.get("type", "function") if isinstance(tool, dict) else None
        if kind not in {"function", "custom"} or tool.get("defer_loading"):
            return False
    items = body.get("input") if isinstance(body.get("input"), list) else body.get("messages")
    for item in items or []:
        types = {"message", "function_call", "function_call_output"}
        if not isinstance(item, dict) or item.get("type", "message") not in types:
            return False
        for part in item["content"] if isinstance(item.get("content"), list) else []:
            kind = part.get("type", "text") if isinstance(part, dict) else "text"
            source = part.get("source") if isinstance(part, dict) else None
            if kind not in PARTS or (kind == "document" and (source or {}).get("type") != "text"):
                return False
    return True


def gemini(body: dict[str, Any]) -> dict[str, Any] | None:
    """A body of generateContent as chat messages; None where it holds what these have not."""
    try:
        messages = []
        system = body.get("systemInstruction") or body.get("system_instruction")
        if system:
            said = texts(system.get("parts")) if isinstance(system, dict) else str(system)
            messages.append({"role": "system", "content": said})
        contents = body.get("contents") or []
        for item in contents if isinstance(contents, list) else [contents]:
            role = "assistant" if item.get("role") == "model" else "user"
            messages.append({"role": role, "content": texts(item.get("parts"))})
    except (ValueError, AttributeError):
        return None
    chat: dict[str, Any] = {"messages": messages}
    settings = body.get("generationConfig") or {}
    schema = settings.get("responseSchema") or settings.get("responseJsonSchema")
    if schema:
        answer = {"name": "x", "schema": lowered(schema)}
        chat["response_format"] = {"type": "json_schema", "json_schema": answer}
    tools = body.get("tools") or []
    if any(set(tool) != {"functionDeclarations"} for tool in tools):
        return None
    chat["tools"] = [function(item) for tool in tools for item in tool["functionDeclarations"]]
    return chat if chat["tools"] else {key: chat[key] for key in chat if key != "tools"}


def function(declared: dict[str, Any]) -> dict[str, Any]:
    keys = ("parameters", "parametersJsonSchema", "parameters_json_schema")
    schema: Any = next((declared[key] for key in keys if declared.get(key)), {})
    said = {"name": declared["name"], "description": declared.get("description", "")}
    return {"type": "function", "function": {**said, "parameters": lowered(schema)}}


def texts(parts: Any) -> str:
    for part in parts or []:
        if set(part) - {"thought", "thoughtSignature"} != {"text"}:
            raise ValueError(part)
    return "".join(part["text"] for part in parts or [])


def lowered(value: Any) -> Any:
    """A schema with its types in lower case."""
    if isinstance(value, dict):
        return {
            key: inner.lower() if key == "type" and isinstance(inner, str) else lowered(inner)
            for key, inner in value.items()
        }
    return [lowered(inner) for inner in value] if isinstance(value, list) else value


def table(results: list[Result]) -> str:
    groups: defaultdict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        groups[result.bill.vendor, result.bill.kind].append(result)
    lines = [
        "| vendor | kind | bills | to the token | within 2% or 2 tokens | median error |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [line(vendor, kind, found) for (vendor, kind), found in sorted(groups.items())]
    return "\n".join([*lines, line("all", "", results)])


def line(vendor: str, kind: str, found: list[Result]) -> str:
    equal = sum(item.ours == item.bill.billed for item in found)
    near = sum(item.is_near for item in found)
    median = statistics.median(item.error for item in found)
    return f"| {vendor} | {kind} | {len(found)} | {equal} | {near} | {median:.1%} |"


def rules() -> str:
    """Each rule as a line: what is not said is nothing."""
    lines = ["| part | models | tokens | near | source |", "| --- | --- | --- | --- | --- |"]
    for name, rows in TABLES.items():
        for row in rows:
            where = ", ".join((*row.providers, *row.apis))
            models = row.models.replace("|", "\\|") + (f"` ({where})" if where else "`")
            near = f"{row.near} of {row.bills}"
            lines.append(f"| {name} | `{models} | {tokens_of(row)} | {near} | {row.source} |")
    return "\n".join(lines)


def tokens_of(row: Row) -> str:
    """What a row says beside its models, source and bills, but for what it shares with all."""
    said = []
    for field in msgspec.structs.fields(type(row)):
        value = getattr(row, field.name)
        if field.name in Row.__struct_fields__ or value == field.default or value is None:
            continue
        shown = (
            "some"
            if field.name == "exact"
            else ", ".join(value)
            if isinstance(value, tuple)
            else value
        )
        said.append(f"{field.name.replace('_', ' ')} {shown}")
    return ", ".join(said)


def used(results: list[Result]) -> Iterator[tuple[str, Row, int, int]]:
    """Each rule, and how the bills came out in which it took part: near ones, and all."""
    found: defaultdict[int, list[Result]] = defaultdict(list)
    for result in results:
        for rule in part_takers(result):
            found[id(rule)].append(result)
    for name, rows in TABLES.items():
        for row in rows:
            of_rule = found[id(row)]
            yield name, row, sum(result.is_near for result in of_rule), len(of_rule)


def part_takers(result: Result) -> Iterator[Row]:
    file, model, api = result.bill.file, result.model, result.bill.file.parameters.api
    given: list[tuple[bool, Any]] = [
        (not file.tools and not file.response_schema, MESSAGES),
        (bool(file.tools), TOOLS),
        (file.parameters.tool_choice not in {None, "auto"}, CHOICES),
        (file.response_schema is not None, SCHEMAS),
    ]
    for is_used, rows in given:
        if is_used:
            yield rule_for(rows, model, api)
    for setting in SETTINGS:
        is_set = getattr(file.parameters, setting.setting) == setting.value
        if is_set and setting.holds_for(model, api):
            yield setting


if __name__ == "__main__":
    main()
