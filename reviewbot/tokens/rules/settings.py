"""What answers' schemas and other settings of a request cost, by model."""

from typing import Final

from reviewbot.tokens.rules.kinds import Schema, SchemaRule, SettingRule
from reviewbot.tokens.rules.row import BILLS

SCHEMAS: Final = (
    SchemaRule(
        models=r"gpt-oss(-.+)?",
        source="openai/harmony, docs/format.md, Structured output",
        shown=Schema.WHOLE,
        once=13,
    ),
    SchemaRule(
        bills=9,
        near=9,
        models=r"(chat)?gpt-.+|o[134](-.+)?|codex-.+",
        source=f"openai/openai-cookbook#2140; {BILLS}",
        shown=Schema.SHOWN,
        once=9,
    ),
    SchemaRule(bills=9, near=9, models=r"claude-.+", source=BILLS, shown=Schema.SPACED, once=125),
    SchemaRule(bills=12, near=12, models=r"gemini-.+", source=BILLS, shown=Schema.NOTHING),
    SchemaRule(models=r".*", source="no rule is published", shown=Schema.WHOLE),
)

_THINKING_CLAUDE: Final = (
    r"claude-(3[.-]7|(opus|sonnet|haiku)-4([.-][0-6])?(-(?!\d{1,2}(-|$))|$)|4[.-]?[0-6]?-).*"
)

SETTINGS: Final = (
    SettingRule(
        bills=2,
        near=2,
        models=r"qwen-?3.*",
        source="Qwen/Qwen3, chat template: an empty thought; recorded bills",
        setting="thinking",
        value="none",
        tokens=4,
    ),
    SettingRule(
        bills=16,
        near=16,
        models=_THINKING_CLAUDE,
        source=BILLS,
        setting="thinking",
        value="enabled",
        tokens=29,
    ),
    SettingRule(
        bills=1,
        near=1,
        models=r"claude-.+",
        source=BILLS,
        setting="has_task_budget",
        value=True,
        tokens=35,
    ),
    SettingRule(
        bills=1,
        near=1,
        models=r"gpt-[5-9].*",
        source=BILLS,
        setting="reasoning_mode",
        value="pro",
        tokens=1531,
    ),
)
"""All rows that fit hold."""
