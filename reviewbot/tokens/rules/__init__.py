"""What providers bill beside the texts of a call: tables of rows, each with source and bills.

A rule is a row of data. It holds for models by their plain names, for providers and for interfaces;
the first row that fits holds. `docs/accuracy.md` has what each was held against.
"""

from reviewbot.tokens.rules.call_rules import CallRules, rules_of_calls
from reviewbot.tokens.rules.choices import CHOICES
from reviewbot.tokens.rules.kinds import (
    ChoiceRule,
    MessageRule,
    Schema,
    SchemaRule,
    SettingRule,
    Shown,
    ToolRule,
)
from reviewbot.tokens.rules.messages import MESSAGES
from reviewbot.tokens.rules.row import Row, rule_for
from reviewbot.tokens.rules.settings import SCHEMAS, SETTINGS
from reviewbot.tokens.rules.tools import TOOLS

__all__ = [
    "CHOICES",
    "MESSAGES",
    "SCHEMAS",
    "SETTINGS",
    "TOOLS",
    "CallRules",
    "ChoiceRule",
    "MessageRule",
    "Row",
    "Schema",
    "SchemaRule",
    "SettingRule",
    "Shown",
    "ToolRule",
    "rule_for",
    "rules_of_calls",
]
