"""What a docstring says of a function and of its arguments, in the styles that frameworks read."""

import inspect
import re

_SECTION = re.compile(
    r"(?P<name>Args|Arguments|Parameters|Params|Returns?|Raises|Yields|Examples?|Notes?"
    r"|Attributes|Keyword Args)[ \t]*:[ \t]*\Z"
)
_ARGUMENTS = {"Args", "Arguments", "Parameters", "Params", "Keyword Args"}
_ARGUMENT = re.compile(r"\*{0,2}(?P<name>\w{1,100})[ \t]*(?:\([^()\n]{0,200}\))?:(?P<said>.*)")
_FIELD = re.compile(r":param (?:[^\s:]{1,100} )?(?P<name>\w{1,100}):(?P<said>.*)")
_OTHER_FIELD = re.compile(r":(?:returns?|rtype|raises?|type)\b")

_INDENTED = 4
"""Blanks before an argument; what stands deeper goes on with the one before."""


def sections(docstring: str) -> tuple[str, dict[str, str], str]:
    """The description, what is said of each argument, and what is said of the result.

    It reads Google's style, and the fields of Sphinx.
    """
    lines = inspect.cleandoc(docstring).split("\n")
    described: list[str] = []
    arguments: dict[str, list[str]] = {}
    returned: list[str] = []
    into: list[str] | None = described
    section = ""
    for line in lines:
        if found := _SECTION.match(line):
            section = found["name"]
            into = returned if section.startswith("Return") else None
        elif field := _FIELD.match(line):
            section, into = "field", arguments.setdefault(field["name"], [field["said"].strip()])
        elif _OTHER_FIELD.match(line):
            section, into = "field", None
        elif section in _ARGUMENTS and (found := _argument(line)):
            into = arguments.setdefault(found["name"], [found["said"].strip()])
        elif section and line and not line[0].isspace() and section != "field":
            section, into = "", described
            described.append(line)
        elif into is not None:
            into.append(line.strip() if section else line)
    return (
        "\n".join(described).strip(),
        {name: "\n".join(said).strip() for name, said in arguments.items()},
        "\n".join(returned).strip(),
    )


def _argument(line: str) -> re.Match[str] | None:
    is_first = len(line) - len(line.lstrip()) <= _INDENTED
    return _ARGUMENT.match(line.strip()) if is_first else None
