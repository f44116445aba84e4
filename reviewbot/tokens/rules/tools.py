"""What tools cost beside their texts, by model and interface."""

from typing import Final

from reviewbot.tokens.rules.kinds import Shown, ToolRule
from reviewbot.tokens.rules.row import BILLS, VERTEX

_HARMONY: Final = "openai/harmony, src/encoding.rs: tools as TypeScript"
_CLAUDE: Final = "platform.claude.com/docs/en/agents-and-tools/tool-use/overview"


REASONING: Final = r"(gpt-[5-9](\.\d+)?|o1|o3|o4|codex-mini|chat-latest)(-.+)?"
OPENAI: Final = r"(chat)?(gpt|computer-use)-?.+"


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
        near=3,
        models=r"gpt-oss(-.+)?",
        source=f"{_HARMONY}; {BILLS}",
        shown=Shown.TYPES,
        once=30,
        undescribed=-1,
    ),
    ToolRule(
        bills=4,
        near=4,
        models=REASONING,
        providers=("aws",),
        source=f"{_HARMONY}; {BILLS}",
        shown=Shown.TYPES,
        once=14,
        undescribed=-1,
    ),
    ToolRule(
        bills=20,
        near=20,
        models=REASONING,
        apis=("responses",),
        source=f"{_HARMONY}; {BILLS}",
        shown=Shown.TYPES,
        once=8,
        undescribed=-1,
    ),
    ToolRule(
        bills=1,
        near=1,
        models=REASONING,
        providers=("openrouter",),
        source=f"{_HARMONY}; OpenRouter calls Responses; {BILLS}",
        shown=Shown.TYPES,
        once=8,
        undescribed=-1,
    ),
    ToolRule(
        bills=14,
        near=13,
        models=REASONING,
        source=f"{_HARMONY}; {BILLS}",
        shown=Shown.TYPES,
        once=90,
        undescribed=-1,
    ),
    ToolRule(
        bills=19,
        near=16,
        models=OPENAI,
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
        models=OPENAI,
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
        r"claude-(opus|sonnet)-4[.-]6(-.+)?|claude-4[.-]6-(opus|sonnet)(-.+)?", 497, bills=9, near=9
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
    ToolRule(
        models=r"gemini-.+", providers=(VERTEX,), source=BILLS, shown=Shown.STRINGS, bills=7, near=7
    ),
    ToolRule(
        bills=8,
        near=8,
        models=r"gemini-(1|2[.-]0).+",
        source=BILLS,
        shown=Shown.STRINGS,
    ),
    ToolRule(
        bills=9,
        near=9,
        models=r"gemini-3.+",
        source=f"ai.google.dev/gemma/docs/functiongemma/formatting-and-best-practices; {BILLS}",
        shown=Shown.DECLARED,
        each=1,
        bare=3,
    ),
    ToolRule(
        bills=13,
        near=11,
        models=r"gemini-.+",
        source=BILLS,
        shown=Shown.WORDS,
        each=18,
        property=10,
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
        near=4,
        models=r".{0,100}llama-?4.*",
        providers=("groq",),
        source=f"a text of the host's; {BILLS}",
        shown=Shown.FUNCTIONS,
        once=652,
    ),
    ToolRule(
        bills=4,
        near=4,
        models=r".{0,100}llama-?4.*",
        source=f"meta-llama/llama-models, llama4, and a text of the host's; {BILLS}",
        shown=Shown.INDENTED,
        once=510,
    ),
    ToolRule(
        bills=1,
        near=1,
        models=r"deepseek-r1",
        providers=("huggingface", "huggingface_together"),
        source=f"deepseek-ai/DeepSeek-R1, chat template; {BILLS}",
        shown=Shown.NOTHING,
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
        bills=0,
        near=0,
        models=r".*",
        source="no rule is published; as JSON",
        shown=Shown.JSON,
        once=20,
    ),
)
"""The first row that fits holds; a chat completion is assumed where nothing tells the interface."""
