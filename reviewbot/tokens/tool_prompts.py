"""The system prompt that a vendor adds to a call which offers tools, and bills.

Source: platform.claude.com/docs/en/agents-and-tools/tool-use/overview, "Pricing", for the tool
choices `auto` and `none`; for models that it no longer lists, as it did in spring 2025.
"""

import re
from typing import Final

from reviewbot.tokens.model_names import Model

SOURCE: Final = "platform.claude.com/docs/en/agents-and-tools/tool-use/overview"

_TOKENS: Final = (
    (r"claude-opus-5([.-]\d)?(-.+)?", 286),
    (r"claude-opus-4[.-]8(-.+)?", 290),
    (r"claude-opus-4[.-]7(-.+)?", 675),
    (r"claude-(opus|sonnet)-4[.-]6(-.+)?|claude-4[.-]6-(opus|sonnet)(-.+)?", 497),
    (r"claude-(opus|sonnet|haiku)-4[.-]5(-.+)?|claude-4[.-]5-(opus|sonnet|haiku)(-.+)?", 496),
    (r"claude-(opus|sonnet)-4([.-][01])?(-.+)?|claude-4([.-]1)?-(opus|sonnet)(-.+)?", 313),
    (r"claude-3[.-][57]-sonnet(-.+)?", 346),
    (r"claude-3([.-]5)?-haiku(-.+)?", 264),
    (r"claude-3-opus(-.+)?", 530),
    (r"claude-3-sonnet(-.+)?", 159),
    (r"claude-.+", 354),
)
"""The last row is Sonnet 5, and stands in for later models that are not listed yet."""


def tool_prompt_tokens(model: Model) -> int:
    """Tokens that tools add to a call of `model` beside their definitions."""
    for names, tokens in _TOKENS:
        if re.fullmatch(names, model.base_name):
            return tokens
    return 0
