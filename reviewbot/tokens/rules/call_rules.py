"""The rules that hold for the calls of one model by one interface, found once."""

from functools import lru_cache

from msgspec import Struct

from reviewbot.tokens.model_names import Model
from reviewbot.tokens.rules.choices import CHOICES
from reviewbot.tokens.rules.kinds import (
    ChoiceRule,
    MessageRule,
    SchemaRule,
    SettingRule,
    ToolRule,
)
from reviewbot.tokens.rules.messages import MESSAGES
from reviewbot.tokens.rules.row import rule_for
from reviewbot.tokens.rules.settings import SCHEMAS, SETTINGS
from reviewbot.tokens.rules.tools import TOOLS


class CallRules(Struct, frozen=True, kw_only=True):
    """What holds for a call's parts; `settings` are all that may be asked for."""

    messages: MessageRule
    tools: ToolRule
    choice: ChoiceRule
    schemas: SchemaRule
    settings: tuple[SettingRule, ...]


@lru_cache(maxsize=256)
def rules_of_calls(model: Model, api: str | None) -> CallRules:
    """The rules for calls of `model` by the interface `api`."""
    return CallRules(
        messages=rule_for(MESSAGES, model, api),
        tools=rule_for(TOOLS, model, api),
        choice=rule_for(CHOICES, model, api),
        schemas=rule_for(SCHEMAS, model, api),
        settings=tuple(rule for rule in SETTINGS if rule.holds_for(model, api)),
    )
