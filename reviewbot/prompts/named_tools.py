"""Whether tools that a call in source code is given are those that its workflow names."""

import json
import re

from reviewbot.documents import parse_json
from reviewbot.errors import MeasurementError
from reviewbot.prompt import RequestSetting
from reviewbot.prompt_formats._common.request_settings import TOOLS
from reviewbot.prompt_formats.tool_definitions import read_tools
from reviewbot.prompts.sources import Source

_NAMES = re.compile(r"[\w$., \[\]]+")
_NAME = re.compile(r"[^\W\d][\w$]*")


def names_tools(setting: RequestSetting) -> bool:
    """Whether a setting of a request gives it tools."""
    return setting.key in TOOLS


def are_named_tools(setting: RequestSetting, source: Source) -> bool | None:
    """Whether the figures of a source hold the tools of a setting; None where nobody can tell.

    Names that stand alone, as in `[find, sort]`, are those of tools, or of their constant.
    """
    if not source.tools:
        return False
    said = json.loads(setting.value)
    if not isinstance(said, str):
        try:
            tools = read_tools(parse_json(setting.value, file=setting.path), path=setting.path)
        except MeasurementError:
            return False
        return all(tools.count(tool) <= source.tools.count(tool) for tool in tools)
    names = {tool.name for tool in source.tools}
    names |= {selector.rpartition(".")[2] for selector in source.tools_selectors}
    found = _NAME.findall(said)
    are_all = len(found) == len(set(found)) and names.issuperset(found)
    return True if found and are_all and _NAMES.fullmatch(said) else None
