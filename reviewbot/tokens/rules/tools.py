"""What tools cost beside their texts, and the choice among them, by model and interface."""

from enum import StrEnum
from typing import Final

from reviewbot.tokens.rules.row import BILLS, Row

_HARMONY: Final = "openai/harmony, src/encoding.rs: tools as TypeScript"
_CLAUDE: Final = "platform.claude.com/docs/en/agents-and-tools/tool-use/overview"


class Shown(StrEnum):
    """How a model is shown definitions."""

    TYPES = "TypeScript"
    """As types of TypeScript."""

    CLAUDE = "JSON with its keys"
    """One line of JSON a tool: name, description, input schema."""

    WORDS = "names and descriptions"
    """The name and description of each tool, and of each property that has one."""

    JSON = "JSON as it is sent"
    """One JSON list of all of them."""


class ToolRule(Row, frozen=True, kw_only=True):
    """Tokens of definitions beside what is `shown`: `once`, and for `each` of them.

    `with_system` is added where the call has a system message, `undescribed` for each tool that has
    parameters and no description, `further` for each described tool behind the first, `property`
    for each property.
    """

    shown: Shown
    once: int = 0
    each: int = 0
    with_system: int = 0
    undescribed: int = 0
    further: int = 0
    property: int = 0


class ChoiceRule(Row, frozen=True, kw_only=True):
    """Tokens that a tool choice adds; for a named tool its name's too where `with_name`.

    `hides` says that tools are not shown to the model where the choice is `none`.
    """

    none: int = 0
    required: int = 0
    named: int = 0
    with_name: bool = False
    hides: bool = False


_REASONING: Final = r"(gpt-[5-9](\.\d+)?|o1|o3|o4|codex-mini|chat-latest)(-.+)?"
_OPENAI: Final = r"(chat)?(gpt|computer-use)-?.+"


def _claude(
    models: str, prompt: int, source: str = _CLAUDE, *, bills: int = 0, near: int = 0
) -> ToolRule:
    return ToolRule(
        models=models,
        source=f"{source}; {BILLS}" if bills else source,
        bills=bills,
        near=near,
        shown=Shown.CLAUDE,
        once=prompt,
    )


TOOLS: Final = (
    ToolRule(
        bills=3,
        near=1,
        models=r"gpt-oss(-.+)?",
        source=f"{_HARMONY}; {BILLS}",
        shown=Shown.TYPES,
        once=30,
        undescribed=-1,
    ),
    ToolRule(
        bills=24,
        near=20,
        models=_REASONING,
        apis=("responses",),
        source=f"{_HARMONY}; {BILLS}",
        shown=Shown.TYPES,
        once=8,
        undescribed=-1,
    ),
    ToolRule(
        bills=1,
        near=1,
        models=_REASONING,
        providers=("openrouter", "aws"),
        source=f"{_HARMONY}; OpenRouter calls Responses; {BILLS}",
        shown=Shown.TYPES,
        once=8,
        undescribed=-1,
    ),
    ToolRule(
        bills=14,
        near=13,
        models=_REASONING,
        source=f"{_HARMONY}; {BILLS}",
        shown=Shown.TYPES,
        once=90,
        undescribed=-1,
    ),
    ToolRule(
        bills=19,
        near=14,
        models=_OPENAI,
        apis=("responses",),
        source=f"{_HARMONY}; {BILLS}",
        shown=Shown.TYPES,
        once=3,
        undescribed=-1,
        further=-1,
    ),
    ToolRule(
        models=r"gpt-3\.?5(-.+)?|gpt-4(-.+)?",
        source=f"{_HARMONY}; hmarr/openai-chat-tokens; pamelafox/openai-messages-token-helper",
        shown=Shown.TYPES,
        once=9,
        with_system=-4,
    ),
    ToolRule(
        bills=52,
        near=51,
        models=_OPENAI,
        source=f"{_HARMONY}; {BILLS}; hmarr/openai-chat-tokens",
        shown=Shown.TYPES,
        once=9,
        with_system=-4,
        undescribed=-1,
        further=-1,
    ),
    _claude(r"claude-opus-5([.-]\d)?(-.+)?", 286),
    _claude(r"claude-opus-4[.-]8(-.+)?", 290, bills=1, near=1),
    _claude(r"claude-opus-4[.-]7(-.+)?", 675),
    _claude(
        r"claude-(opus|sonnet)-4[.-]6(-.+)?|claude-4[.-]6-(opus|sonnet)(-.+)?", 497, bills=9, near=8
    ),
    _claude(
        r"claude-(opus|sonnet|haiku)-4[.-]5(-.+)?|claude-4[.-]5-(opus|sonnet|haiku)(-.+)?",
        496,
        bills=38,
        near=30,
    ),
    _claude(
        r"claude-(opus|sonnet)-4([.-][01])?(-.+)?|claude-4([.-]1)?-(opus|sonnet)(-.+)?",
        313,
        f"{_CLAUDE}, as it stood in spring 2025",
        bills=3,
        near=3,
    ),
    _claude(r"claude-3[.-]7-sonnet(-.+)?", 346, f"{_CLAUDE}, as it stood in spring 2025"),
    _claude(
        r"claude-3[.-]5-sonnet-20240620(-.+)?",
        294,
        f"{_CLAUDE}, as it stood in autumn 2024",
        bills=1,
        near=1,
    ),
    _claude(r"claude-3[.-]5-sonnet(-.+)?", 346, f"{_CLAUDE}, as it stood in spring 2025"),
    _claude(
        r"claude-3([.-]5)?-haiku(-.+)?",
        264,
        f"{_CLAUDE}, as it stood in spring 2025",
        bills=2,
        near=2,
    ),
    _claude(r"claude-3-opus(-.+)?", 530, f"{_CLAUDE}, as it stood in spring 2025"),
    _claude(r"claude-3-sonnet(-.+)?", 159, f"{_CLAUDE}, as it stood in spring 2025"),
    _claude(r"claude-.+", 354, f"{_CLAUDE}, Sonnet 5, in place of later models"),
    ToolRule(bills=8, near=4, models=r"gemini-(1|2[.-]0).+", source=BILLS, shown=Shown.WORDS),
    ToolRule(
        bills=13,
        near=7,
        models=r"gemini-3.+",
        source=BILLS,
        shown=Shown.WORDS,
        each=14,
        property=26,
    ),
    ToolRule(
        bills=13, near=9, models=r"gemini-.+", source=BILLS, shown=Shown.WORDS, each=19, property=11
    ),
    ToolRule(
        bills=10,
        near=9,
        models=r"(open-)?(mistral|ministral|magistral|devstral|codestral|pixtral|voxtral)-.+",
        source=f"mistral-common, InstructTokenizer; {BILLS}",
        shown=Shown.JSON,
        once=2,
        each=0,
    ),
    ToolRule(
        bills=4,
        near=3,
        models=r".{0,100}llama-?4.*",
        providers=("groq",),
        source=f"a text of the host's; {BILLS}",
        shown=Shown.JSON,
        once=640,
    ),
    ToolRule(
        bills=4,
        near=0,
        models=r".{0,100}llama-?4.*",
        source=f"a text of the host's; {BILLS}",
        shown=Shown.JSON,
        once=480,
    ),
    ToolRule(
        bills=2,
        near=2,
        models=r"(qwen|qwq).*",
        source=f"Qwen/Qwen3-Coder, chat template; {BILLS}",
        shown=Shown.JSON,
        once=214,
    ),
    ToolRule(
        bills=1,
        near=0,
        models=r".*",
        source="no rule is published; as JSON",
        shown=Shown.JSON,
        once=20,
    ),
)
"""The first row that fits holds; a chat completion is assumed where nothing tells the interface."""

CHOICES: Final = (
    ChoiceRule(bills=9, near=9, models=rf"gpt-oss(-.+)?|{_REASONING}", source=BILLS, named=-1),
    ChoiceRule(
        bills=14,
        near=13,
        models=_OPENAI,
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
    ChoiceRule(bills=11, near=9, models=r"claude-.+", source=BILLS, none=4, required=96, named=105),
    ChoiceRule(bills=9, near=2, models=r".*", source=BILLS, hides=True),
)
"""What a tool choice other than `auto` adds."""
