"""Who offers models and who makes them, by the names that people put before a model's."""

from typing import Final

_CATALOGUE: Final = (
    "anthropic arcee avian aws azure baseten cerebras cloudflare cohere cursor databricks "
    "deepseek doubleword elevenlabs fireworks github-copilot google groq huggingface_cerebras "
    "huggingface_fireworks-ai huggingface_groq huggingface_hyperbolic huggingface_nebius "
    "huggingface_novita huggingface_nscale huggingface_ovhcloud huggingface_publicai "
    "huggingface_sambanova huggingface_together meta minimax mistral modal moonshotai novita "
    "openai openai-decisions openrouter ovhcloud perplexity quicksilverpro together typesafe "
    "voyageai x-ai zai zhipuai "
)
"""The providers of genai-prices 0.2.3."""

_OTHERS: Final = (
    "abliteration ai21 aiand aihubmix aleph_alpha amazon_nova anyscale bigmodel chatgpt "
    "clf_ai_gateway cognition coralbricks crusoe darkbloom dashscope deepinfra empiriolabs fal_ai "
    "featherless_ai friendliai gigachat gmi gradient_ai heroku hostinger_router huggingface "
    "hyperbolic inception inferenceapis kyma lambda_ai lemonade libertai llamagate "
    "microsoft_365_copilot morph nebius nlp_cloud nscale oci ollama opencode_go openinfer "
    "palm petals pinstripes prism publicai qwen_ai_platform qwencloud refuseless replicate "
    "sagemaker sail sambanova sarvam scaledown scaleway scx-ai snowflake streamlake tencent "
    "tensormesh v0 vercel_ai_gateway volcengine wally wandb watsonx xiaomi_mimo zerogpu "
)
"""Providers of LiteLLM 1.110's list that genai-prices does not price."""

_VERTEX_KINDS: Final = (
    "ai21_models anthropic_models chat-models code-text-models deepseek_models language-models "
    "llama_models minimax_models mistral_models moonshot_models openai_models qwen_models "
    "text-models vision-models zai_models "
)
"""Behind `vertex_ai-` in LiteLLM's names of providers."""

_MAKERS: Final = (
    "01-ai ai21 allenai amazon anthropic arcee baidu bytedance cohere community deepseek google "
    "ibm inception inclusionai liquid meta microsoft minimax mistral moonshotai nousresearch "
    "nvidia openai perplexity qwen reflection stepfun tencent thinkingmachines voyageai writer "
    "x-ai xiaomi zai "
)

PROVIDERS: Final = {
    **{name: name for name in (*_OTHERS.split(), *_CATALOGUE.split())},
    "amazon": "aws",
    "amazon-bedrock": "aws",
    "amazon-nova": "amazon_nova",
    "azure-openai": "azure",
    "azure_ai": "azure",
    "azure_openai": "azure",
    "azure_text": "azure",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "bedrock_mantle": "aws",
    "claude_platform": "aws",
    "codestral": "mistral",
    "cohere_chat": "cohere",
    "fireworks_ai": "fireworks",
    "gemini": "google",
    "github_copilot": "github-copilot",
    "google-gla": "google",
    "google-vertex": "google",
    "meta_llama": "meta",
    "mistralai": "mistral",
    "moonshot": "moonshotai",
    "text-completion-codestral": "mistral",
    "text-completion-inception": "inception",
    "text-completion-openai": "openai",
    "together_ai": "together",
    "vertex": "google",
    "vertex_ai": "google",
    "vertexai": "google",
    "xai": "x-ai",
    **{f"vertex_ai-{kind}": "google" for kind in _VERTEX_KINDS.split()},
}
"""The names of providers (also LiteLLM's and Pydantic AI's) to those of genai-prices.

A provider that genai-prices does not know keeps LiteLLM's name.
"""

SELLS_ITS_OWN_ONLY: Final = frozenset({"anthropic", "openai"})
"""Providers that offer no other vendor's models."""

VENDORS: Final = {
    **{name: name for name in _MAKERS.split()},
    "alibaba": "qwen",
    "amazon-nova": "amazon",
    "arcee-ai": "arcee",
    "deepseek-ai": "deepseek",
    "ibm-granite": "ibm",
    "liquidai": "liquid",
    "meta-llama": "meta",
    "meta-models": "meta",
    "minimaxai": "minimax",
    "mistralai": "mistral",
    "moonshot": "moonshotai",
    "stepfun-ai": "stepfun",
    "thudm": "zai",
    "xai": "x-ai",
    "xiaomimimo": "xiaomi",
    "z-ai": "zai",
    "zai-org": "zai",
}
"""The names of vendors, as they stand before a model's name, to those in the table of families."""
