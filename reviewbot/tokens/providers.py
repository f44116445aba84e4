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

PROVIDERS: Final = {
    **{name: name for name in _CATALOGUE.split()},
    "azure_ai": "azure",
    "azure_openai": "azure",
    "azure-openai": "azure",
    "amazon-bedrock": "aws",
    "bedrock": "aws",
    "fireworks_ai": "fireworks",
    "gemini": "google",
    "github_copilot": "github-copilot",
    "google-gla": "google",
    "google-vertex": "google",
    "mistralai": "mistral",
    "together_ai": "together",
    "vertex": "google",
    "vertex_ai": "google",
    "vertexai": "google",
    "xai": "x-ai",
}
"""The names of providers (also LiteLLM's and Pydantic AI's) to those of genai-prices."""

SELLS_ITS_OWN_ONLY: Final = frozenset({"anthropic", "openai"})
"""Providers that offer no other vendor's models."""

VENDORS: Final = {
    "anthropic": "anthropic",
    "deepseek": "deepseek",
    "deepseek-ai": "deepseek",
    "google": "google",
    "meta": "meta",
    "meta-llama": "meta",
    "mistral": "mistral",
    "mistralai": "mistral",
    "openai": "openai",
    "qwen": "qwen",
}
"""The names of vendors, as they stand before a model's name, to those in the table of families."""
