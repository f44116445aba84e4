"""What a call costs for its messages beside their texts, by the template of each model."""

from typing import Final

from reviewbot.tokens.rules.row import BILLS, Row

_COOKBOOK: Final = "OpenAI's cookbook, How_to_count_tokens_with_tiktoken, section 6"
_HARMONY: Final = "openai/harmony, docs/format.md"
_LLAMA: Final = "meta-llama/llama-models, llama3_1 and llama3_3 prompt_format.md"


class MessageRule(Row, frozen=True, kw_only=True):
    """Tokens beside the texts: `once` a call, what begins the answer included; then each message.

    `system` is a system message's and `assistant` an earlier answer's, where they differ. `name` is
    what a name costs beside its tokens, None where it is not shown; one that is the role has none.
    `call` is an earlier call of a function, beside its arguments and `call_names` times its name,
    `argument` each argument of it; `result` is what came of it. `parallel` is added once where
    several calls were made at a time. `document` is one of Anthropic's documents. An exact rule is
    so for calls without a history of functions, nor answers where these differ.
    """

    once: int
    message: int
    system: int | None = None
    assistant: int | None = None
    name: int | None = 1
    call: int = 9
    call_names: int = 2
    argument: int = 0
    result: int = 4
    parallel: int = 0
    document: int = 0


MESSAGES: Final = (
    MessageRule(
        bills=3,
        near=2,
        models=r"gpt-oss(-.+)?",
        providers=("groq",),
        source=f"{_HARMONY}: a system message of its own; {BILLS}",
        once=67,
        message=4,
        assistant=6,
        call=15,
    ),
    MessageRule(
        bills=3,
        near=3,
        models=r"gpt-oss(-.+)?",
        source=f"{_HARMONY}: a system message of its own; {BILLS}",
        once=63,
        message=4,
        assistant=6,
        call=15,
    ),
    MessageRule(
        models=r"gpt-3\.?5.*-0301",
        source=f"{_COOKBOOK}, the rule for gpt-3.5-turbo-0301",
        once=3,
        message=5,
        name=-1,
    ),
    MessageRule(
        bills=61,
        near=59,
        models=r"(gpt-3\.?5|gpt-4|gpt-4\.1|gpt-4o)(?!.*(audio|realtime|search|transcribe|tts))(-.+)?",
        source=f"{_COOKBOOK}; {BILLS}",
        exact=True,
        once=3,
        message=4,
        parallel=12,
    ),
    MessageRule(
        bills=1,
        near=1,
        models=r"o1-(mini|preview)(-.+)?",
        source=BILLS,
        once=10,
        message=4,
        call=15,
    ),
    MessageRule(
        bills=7,
        near=7,
        models=r"(o1|o3|o4|codex-mini)(-.+)?",
        source=BILLS,
        exact=True,
        once=2,
        message=4,
        call=15,
    ),
    MessageRule(
        bills=22,
        near=21,
        models=r"gpt-5(?!.*chat)(\.\d+)?(-.+)?",
        source=BILLS,
        exact=True,
        once=2,
        message=4,
        assistant=6,
        call=15,
    ),
    MessageRule(
        models=r"(gpt-[6-9]|chat-latest).*",
        source=f"as GPT-5: {BILLS}",
        once=2,
        message=4,
        assistant=6,
        call=15,
    ),
    MessageRule(
        bills=1,
        near=1,
        models=r"claude-(opus|sonnet|haiku)-4[.-]7(-.+)?",
        source="ctok 1.3, frame of Opus 4.7",
        once=8,
        message=3,
        system=0,
        name=None,
        call=20,
        call_names=1,
        argument=14,
        result=6,
        document=38,
    ),
    MessageRule(
        bills=6,
        near=6,
        models=r"claude-(opus|sonnet|haiku)-4[.-][89](-.+)?"
        r"|claude-(opus|sonnet|haiku|fable|mythos)-(5([.-]\d)?(-.+)?|latest)|claude-mythos-.+",
        source=f"ctok 1.3, frame of Opus 4.8; {BILLS}",
        once=3,
        message=3,
        system=0,
        name=None,
        call=26,
        call_names=1,
        argument=14,
        result=9,
        document=38,
    ),
    MessageRule(
        bills=48,
        near=45,
        models=r"claude-.+",
        source=f"ctok 1.3, frame of Claude 3 to 4.6; {BILLS}",
        once=4,
        message=3,
        system=0,
        name=None,
        call=28,
        call_names=1,
        argument=14,
        result=10,
        document=38,
    ),
    MessageRule(
        bills=16,
        near=15,
        models=r"gemini-2[.-]5-.+",
        source=BILLS,
        once=0,
        message=1,
        name=None,
        call=4,
        call_names=1,
        result=4,
    ),
    MessageRule(
        bills=14,
        near=13,
        models=r"gemini-.+",
        source=BILLS,
        once=0,
        message=0,
        name=None,
        call=4,
        call_names=1,
        result=4,
    ),
    MessageRule(
        bills=1,
        near=1,
        models=r"(meta-)?llama-?v?3([.-]0)?(-(?!(1|2|3)-).+)?",
        source=f"{_LLAMA}: Llama 3 has no header; {BILLS}",
        once=5,
        message=5,
    ),
    MessageRule(
        bills=6,
        near=6,
        models=r".{0,100}llama-?v?-?3[.-][1-3](-.{1,100})?",
        source=f"{_LLAMA}: a system message of its own, with dates; {BILLS}",
        once=30,
        message=5,
    ),
    MessageRule(
        bills=7,
        near=7,
        models=r"deepseek-(reasoner|r1.*)|r1.*",
        source=BILLS,
        once=4,
        message=1,
        system=0,
    ),
    MessageRule(
        bills=5,
        near=4,
        models=r"deepseek-v4.*",
        source=f"a text of its own; {BILLS}",
        once=82,
        message=1,
        system=0,
    ),
    MessageRule(bills=1, near=1, models=r"deepseek-.*", source=BILLS, once=2, message=1, system=0),
    MessageRule(
        bills=10,
        near=6,
        models=r"(open-)?(mistral|ministral|magistral|devstral|codestral|pixtral|voxtral)-.+",
        source=f"mistral-common, InstructTokenizer; {BILLS}",
        once=1,
        message=2,
        call=2,
        call_names=1,
        result=4,
    ),
    MessageRule(
        bills=3,
        near=3,
        models=r"(qwen|qwq).*",
        source=f"Qwen/Qwen3, chat template (ChatML); {BILLS}",
        once=3,
        message=5,
    ),
    MessageRule(bills=6, near=4, models=r"glm-.+", source=BILLS, once=3, message=2),
    MessageRule(
        bills=2,
        near=1,
        models=r".*",
        source=f"{_COOKBOOK}, not confirmed for this model",
        once=3,
        message=4,
    ),
)
"""By vendor; the first row that fits holds."""
