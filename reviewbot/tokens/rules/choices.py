"""What a choice among tools costs, by model and interface."""

from typing import Final

from reviewbot.tokens.rules.kinds import ChoiceRule
from reviewbot.tokens.rules.row import BILLS
from reviewbot.tokens.rules.tools import OPENAI, REASONING

CHOICES: Final = (
    ChoiceRule(bills=9, near=9, models=rf"gpt-oss(-.+)?|{REASONING}", source=BILLS, named=-1),
    ChoiceRule(
        bills=14,
        near=13,
        models=OPENAI,
        source="pamelafox/openai-messages-token-helper, tests/functions.py",
        none=1,
        named=7,
        with_name=True,
    ),
    ChoiceRule(
        bills=2,
        near=2,
        models=r"claude-(3|opus-4-0|sonnet-4-0|opus-4-2|sonnet-4-2|opus-4-1).*|claude-(opus|sonnet)-4",
        source=BILLS,
        required=6,
        named=6,
    ),
    ChoiceRule(
        bills=11, near=10, models=r"claude-.+", source=BILLS, none=4, required=96, named=105
    ),
    ChoiceRule(
        bills=4,
        near=4,
        models=r".{0,100}llama-?4.*",
        providers=("huggingface",),
        source=BILLS,
        hides=True,
        only_named=True,
    ),
    ChoiceRule(bills=5, near=4, models=r".*", source=BILLS, hides=True),
)
"""What a tool choice other than `auto` adds."""
