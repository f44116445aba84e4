"""What a call of OpenAI's models costs for its messages beside their texts."""

from typing import Final

from reviewbot.tokens.rules.kinds import MessageRule
from reviewbot.tokens.rules.row import BILLS

COOKBOOK: Final = "OpenAI's cookbook, How_to_count_tokens_with_tiktoken, section 6"
_HARMONY: Final = "openai/harmony, docs/format.md"
_SETTINGS: Final = frozenset(
    {
        *("reasoning.context", "reasoning.effort", "reasoning.summary", "reasoning_effort"),
        *("prompt_cache_options", "service_tier", "usage"),
    }
)
"""Settings of requests that bills show to add no input."""

_USER: Final = _SETTINGS | {"user"}
_TEXTS: Final = _USER | {"assistant", "system"}
_GPT_5: Final = r"gpt-5(-mini|-pro)?(-\d{4}.*)?|gpt-5\.[256](-(sol|luna|terra))?(-\d{4}.*)?"
"""The models of GPT-5 of which there are bills of texts."""

_GPT_4O: Final = r"gpt-4\.1(-mini|-nano)?(-\d{4}.*)?|gpt-4o(-mini)?(-\d{4}.*)?"
_CL100K: Final = r"gpt-3\.?5-turbo(-0125|-1106|-0613|-16k.*)?|gpt-4(-32k)?(-0314|-0613)?"

OPENAI_MESSAGES: Final = (
    MessageRule(
        bills=3,
        near=2,
        models=r"gpt-oss(-.+)?",
        providers=("groq",),
        source=f"{_HARMONY}: a system message of its own; {BILLS}",
        once=67,
        message=4,
        assistant=6,
        call=11,
        thoughts=False,
    ),
    MessageRule(
        bills=4,
        near=4,
        models=r"gpt-oss(-.+)?",
        source=f"{_HARMONY}: a system message of its own; {BILLS}",
        once=63,
        message=4,
        assistant=6,
        call=11,
        thoughts=False,
    ),
    MessageRule(
        models=r"gpt-3\.?5.*-0301",
        source=f"{COOKBOOK}, the rule for gpt-3.5-turbo-0301",
        once=3,
        message=5,
        name=-1,
    ),
    MessageRule(
        bills=1,
        near=1,
        models=r"gpt-4o(-mini)?-search-.+",
        source=f"the texts alone; {BILLS}",
        once=0,
        message=0,
    ),
    MessageRule(
        bills=26,
        near=25,
        models=_GPT_4O,
        apis=("responses",),
        source=f"{COOKBOOK}; {BILLS}",
        exact=_TEXTS,
        exact_at=("openai",),
        once=3,
        message=4,
        parallel=12,
    ),
    MessageRule(
        bills=34,
        near=33,
        models=_GPT_4O,
        source=f"{COOKBOOK}; {BILLS}",
        exact=_TEXTS | {"developer", "name", "parts", "systems"},
        exact_at=("openai",),
        once=3,
        message=4,
        parallel=12,
    ),
    MessageRule(
        models=_CL100K,
        apis=("responses",),
        source=f"{COOKBOOK}, not confirmed for Responses",
        once=3,
        message=4,
        parallel=12,
    ),
    MessageRule(
        bills=1,
        near=1,
        models=_CL100K,
        source=f"{COOKBOOK}, with two figures of the API; {BILLS}",
        exact=_USER | {"name", "system", "systems"},
        exact_at=("openai",),
        once=3,
        message=4,
        parallel=12,
    ),
    MessageRule(
        models=r"(gpt-3\.?5|gpt-4|gpt-4\.\d|gpt-4o)(?!.*(audio|realtime|transcribe|tts))(-.+)?",
        source=f"{COOKBOOK}, not confirmed for this model",
        once=3,
        message=4,
        parallel=12,
        bills=1,
        near=1,
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
        bills=3,
        near=3,
        models=r"o3(-mini)?(-\d{4}.*)?",
        apis=("responses",),
        source=BILLS,
        exact=_USER,
        exact_at=("openai",),
        once=2,
        message=4,
        call=15,
    ),
    MessageRule(
        bills=4,
        near=4,
        models=r"o3(-mini)?(-\d{4}.*)?",
        source=BILLS,
        exact=_USER,
        exact_at=("openai",),
        once=2,
        message=4,
        call=15,
    ),
    MessageRule(
        bills=17,
        near=16,
        models=_GPT_5,
        apis=("responses",),
        source=BILLS,
        exact=_USER | {"system"},
        exact_at=("openai",),
        once=2,
        message=4,
        assistant=6,
        call=15,
    ),
    MessageRule(
        bills=5,
        near=5,
        models=_GPT_5,
        providers=("openrouter",),
        source=f"OpenRouter calls Responses; {BILLS}",
        exact=_USER | {"system"},
        exact_at=("openrouter",),
        once=2,
        message=4,
        assistant=6,
        call=15,
    ),
    MessageRule(
        models=r"(o1|o3|o4|codex-mini)(-.+)?",
        source=f"as o3: {BILLS}",
        once=2,
        message=4,
        call=15,
    ),
    MessageRule(
        models=r"gpt-5(?!.*chat)(\.\d+)?(-.+)?|(gpt-[6-9]|chat-latest).*",
        source=f"as GPT-5 by Responses: {BILLS}",
        once=2,
        message=4,
        assistant=6,
        call=15,
    ),
)
