"""Model names as people write them, and how they are counted."""

import re

import pytest
from genai_prices.data import providers
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tiktoken.model import MODEL_PREFIX_TO_ENCODING, MODEL_TO_ENCODING

from reviewbot.errors import MeasurementError
from reviewbot.tokens.family_of_model import FAMILIES, Framing
from reviewbot.tokens.model_names import CONFIGURED, UNKNOWN_PROVIDER, Model, resolve
from reviewbot.tokens.providers import PROVIDERS, VENDORS
from reviewbot.tokens.ratios import LLAMA_2, LLAMA_3, UNMEASURED
from reviewbot.tokens.vocabularies import ENCODINGS

O200K, HARMONY, CL100K = "o200k_base", "o200k_harmony", "cl100k_base"
P50K, R50K = "p50k_base", "r50k_base"


@pytest.mark.parametrize(
    ("reference", "provider", "name", "base_name", "encoding"),
    [
        ("gpt-4.1", "openai", "gpt-4.1", "gpt-4.1", O200K),
        ("openai/gpt-4.1", "openai", "gpt-4.1", "gpt-4.1", O200K),
        ("openai:gpt-4o", "openai", "gpt-4o", "gpt-4o", O200K),
        (" OpenAI/GPT-4o ", "openai", "gpt-4o", "gpt-4o", O200K),
        ("azure/gpt-4o", "azure", "gpt-4o", "gpt-4o", O200K),
        ("azure/gpt-35-turbo", "azure", "gpt-35-turbo", "gpt-35-turbo", CL100K),
        ("azure_ai/gpt-5-mini", "azure", "gpt-5-mini", "gpt-5-mini", O200K),
        ("azure/gpt-35-turbo-16k-0613", "azure", *["gpt-35-turbo-16k-0613"] * 2, CL100K),
        ("openrouter/openai/gpt-4o", "openrouter", "openai/gpt-4o", "gpt-4o", O200K),
        ("openrouter:openai/gpt-4o:batch", "openrouter", "openai/gpt-4o:batch", "gpt-4o", O200K),
        ("groq/openai/gpt-oss-20b", "groq", "openai/gpt-oss-20b", "gpt-oss-20b", HARMONY),
        ("gpt-oss", "openai", "gpt-oss", "gpt-oss", HARMONY),
        ("aws/openai.gpt-oss-120b-1:0", "aws", "openai.gpt-oss-120b-1:0", "gpt-oss-120b-1",
         HARMONY),
        ("gpt-4.1-2025-04-14", "openai", *["gpt-4.1-2025-04-14"] * 2, O200K),
        ("gpt-5.2-20251211", "openai", *["gpt-5.2-20251211"] * 2, O200K),
        ("gpt-4.5-preview", "openai", *["gpt-4.5-preview"] * 2, O200K),
        ("ft:gpt-4.1:org::id", "openai", "ft:gpt-4.1:org::id", "gpt-4.1", O200K),
        ("ft:gpt-4.1-mini-2025-04-14:o:n:id:ckpt-step-9", "openai",
         "ft:gpt-4.1-mini-2025-04-14:o:n:id:ckpt-step-9", "gpt-4.1-mini-2025-04-14", O200K),
        ("ft:gpt-5-mini:org::id", "openai", "ft:gpt-5-mini:org::id", "gpt-5-mini", O200K),
        ("openai/ft:gpt-4o-mini-2024-07-18:acme::x", "openai", "ft:gpt-4o-mini-2024-07-18:acme::x",
         "gpt-4o-mini-2024-07-18", O200K),
        ("openai:ft:gpt-3.5-turbo-0125:a::b", "openai", "ft:gpt-3.5-turbo-0125:a::b",
         "gpt-3.5-turbo-0125", CL100K),
        ("azure/gpt-4o-mini-2024-07-18.ft-0123ab", "azure", "gpt-4o-mini-2024-07-18.ft-0123ab",
         "gpt-4o-mini-2024-07-18", O200K),
        ("curie:ft-acme-2023-01-02-03-04-05", "openai", "curie:ft-acme-2023-01-02-03-04-05",
         "curie", R50K),
        ("codex-mini-latest", "openai", *["codex-mini-latest"] * 2, O200K),
        ("chatgpt-4o-latest", "openai", *["chatgpt-4o-latest"] * 2, O200K),
        ("o1", "openai", "o1", "o1", O200K),
        ("o3-mini-2025-01-31", "openai", *["o3-mini-2025-01-31"] * 2, O200K),
        ("o4-mini", "openai", "o4-mini", "o4-mini", O200K),
        ("gpt-4", "openai", "gpt-4", "gpt-4", CL100K),
        ("gpt-4-0613", "openai", "gpt-4-0613", "gpt-4-0613", CL100K),
        ("gpt-4-32k-0314", "openai", *["gpt-4-32k-0314"] * 2, CL100K),
        ("gpt-4-turbo-2024-04-09", "openai", *["gpt-4-turbo-2024-04-09"] * 2, CL100K),
        ("gpt-4-1106-vision-preview", "openai", *["gpt-4-1106-vision-preview"] * 2, CL100K),
        ("gpt-3.5-turbo-instruct-0914", "openai", *["gpt-3.5-turbo-instruct-0914"] * 2, CL100K),
        ("davinci-002", "openai", "davinci-002", "davinci-002", CL100K),
        ("text-embedding-3-large", "openai", *["text-embedding-3-large"] * 2, CL100K),
        ("text-davinci-003", "openai", *["text-davinci-003"] * 2, P50K),
        ("text-davinci-001", "openai", *["text-davinci-001"] * 2, R50K),
        ("text-davinci-edit-001", "openai", *["text-davinci-edit-001"] * 2, "p50k_edit"),
    ],
)  # fmt: skip
def test_models_of_openai_are_counted_exactly(
    reference: str, provider: str, name: str, base_name: str, encoding: str
) -> None:
    model = resolve(reference)
    assert (model.provider, model.name, model.base_name) == (provider, name, base_name)
    assert (model.encoding, model.exact, model.ratios) == (encoding, True, None)
    assert model.reference == reference
    assert model.source


@pytest.mark.parametrize(
    "reference",
    ["gpt-6-sol", "openai/gpt-6.1-terra", "computer-use-preview-2025-03-11", "gpt-realtime-mini",
     "gpt-audio", "gpt-chat-latest"],
)  # fmt: skip
def test_models_that_tiktoken_does_not_list_are_estimated_and_say_so(reference: str) -> None:
    model = resolve(reference)
    assert (model.encoding, model.exact, model.ratios) == (O200K, False, None)
    assert "not in tiktoken 0.14" in model.source


MEASURED = {"Llama 2's": LLAMA_2, "Llama 3's": LLAMA_3}


@pytest.mark.parametrize(
    ("references", "provider", "counted"),
    [
        (("claude-3-haiku", "anthropic/claude-3-5-sonnet-20241022", "claude-3.7-sonnet",
          "claude-sonnet-4", "claude-opus-4-20250514", "claude-opus-4-0", "claude-haiku-4-5",
          "claude-opus-4-1-20250805", "claude-sonnet-4-5-20250929", "claude-opus-4.6-fast",
          "claude-4-opus", "claude-4.5-sonnet-latest", "claude-3-opus-latest"),
         "anthropic", "claude-3"),
        (("claude-opus-4-7", "claude-opus-4.7-fast"), "anthropic", "claude-4.7"),
        (("claude-opus-4.8", "claude-opus-5",
          "claude-sonnet-5-5", "claude-haiku-5.5", "claude-fable-5-1", "claude-mythos-5-2",
          "claude-opus-5-20260901", "claude-opus-latest"), "anthropic", "claude-4.8"),
        (("aws/anthropic.claude-sonnet-4-5-20250929-v1:0", "bedrock/us.anthropic.claude-haiku-4-5",
          "aws/global.anthropic.claude-3-haiku-20240307-v1:0:200k"), "aws", "claude-3"),
        (("aws/regional.anthropic.claude-opus-4-7-v1:0",), "aws", "claude-4.7"),
        (("vertex_ai/claude-sonnet-4-5@20250929", "google/claude-4-sonnet"), "google", "claude-3"),
        (("openrouter/~anthropic/claude-opus-latest", "openrouter/anthropic/claude-opus-5:batch"),
         "openrouter", "claude-4.8"),
        (("gemini-2.5-flash", "gemini/gemini-2.5-pro-preview-06-05", "gemma-3-27b-it", "gemma-3n",
          "google-vertex:gemini-2.0-flash-001", "gemini-3-pro-preview"), "google", "gemma-3"),
        (("llama-3.1-70b-instruct", "meta-llama/Llama-3.3-70B-Instruct", "meta/llama3"),
         "meta", "Llama 3's"),
        (("aws/meta.llama3-1-70b-instruct-v1:0",), "aws", "Llama 3's"),
        (("cloudflare/@cf/meta/llama-3-8b-instruct",), "cloudflare", "Llama 3's"),
        (("open-mistral-nemo", "mistral/ministral-8b-2410", "mistralai/pixtral-12b-2409",
          "mistral-small-24b-instruct-2501", "mistral-small-3.2-24b-instruct", "mistral-small-2506",
          "devstral-small-2507", "magistral-medium-2506"), "mistral", "tekken"),
        (("deepseek-chat", "deepseek/deepseek-reasoner", "deepseek-ai/DeepSeek-V3.1",
          "deepseek-r1-0528", "deepseek-v4-pro", "deepseek-flash"), "deepseek", "deepseek-3"),
        (("gemini-1.5-pro", "gemini-3.5-flash", "gemma-2", "gemini-4-argon", "models/gemini-3.8-flash",
          "vertex_ai/publishers/google/models/gemini-2.5-pro", "gemini-flash-latest",
          "projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash"),
         "google", "gemma-3"),
        (("llama-2-70b", "code-llama-34b", "meta/llama2-13b"), "meta", "Llama 2's"),
        (("groq/deepseek-r1-distill-llama-70b", "groq/llama3-8b-8192"), "groq", "Llama 3's"),
        (("openrouter/nousresearch/hermes-3-llama-3.1-405b",), "openrouter", "Llama 3's"),
        (("fireworks_ai/accounts/fireworks/models/llama-v3p1-8b-instruct",
          "fireworks_ai/accounts/acme/models/llama-v3p3-70b-instruct"), "fireworks", "Llama 3's"),
        (("mistral-large-latest", "mistral-medium-latest", "mistral-small-latest", "codestral-2508"),
         "mistral", "tekken"),
        (("mistral-7b", "mixtral-8x7b", "mistral-large-2411", "pixtral-large", "mistral-small-2402"),
         "mistral", "Llama 2's"),
        (("bedrock/converse/us-east-1/anthropic.claude-sonnet-4-5-20250929-v1:0",
          "bedrock/eu-central-1/anthropic.claude-3-5-sonnet-20240620-v1:0",
          "arn:aws:bedrock:us-east-1:123:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
          "bedrock/arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"),
         "aws", "claude-3"),
        (("databricks/databricks-claude-opus-4-8", "databricks/databricks-claude-fable-5-1"),
         "databricks", "claude-4.8"),
        (("qwen2.5-72b", "qwq-32b", "deepseek-r1-0528-qwen3-8b"), "qwen", "qwen-3"),
        (("aws/deepseek.r1-v1:0",), "aws", "deepseek-3"),
        (("qwen3-32b", "qwen/qwen3-coder-plus"), "qwen", "qwen-3"),
    ],
)  # fmt: skip
def test_other_vendors_are_counted_by_their_vocabulary_or_a_measured_ratio(
    references: tuple[str, ...], provider: str, counted: str
) -> None:
    for reference in references:
        model = resolve(reference)
        assert (model.provider, model.framing) == (provider, Framing.ASSUMED), reference
        if counted in ENCODINGS:
            assert (model.encoding, model.ratios) == (counted, None)
        else:
            assert (model.encoding, model.exact, model.ratios) == (O200K, False, MEASURED[counted])
            assert counted in model.source


@pytest.mark.parametrize(
    "reference",
    ["xai/grok-4", "x-ai/grok-4.7", "command-r", "nova-pro", "bedrock/us.amazon.nova-lite-v1:0",
     "qwen3.5-27b", "qwen-max", "muse-spark",
     "openrouter/moonshotai/kimi-k2", "openrouter/minimax/minimax-m2:free", "perplexity/sonar-pro",
     "claude-2", "claude-instant-1.2", "claude-v1", "ai21/jamba-1.5-large"],
)  # fmt: skip
def test_a_vendor_whose_tokenizer_was_not_measured_is_said_to_be_so(reference: str) -> None:
    model = resolve(reference)
    assert (model.encoding, model.exact, model.ratios) == (O200K, False, UNMEASURED)
    assert "was not measured" in model.source


@pytest.mark.parametrize(
    ("reference", "provider", "name", "base_name", "region"),
    [
        ("azure/eu/gpt-4o", "azure", "gpt-4o", "gpt-4o", "eu"),
        ("azure/global-standard/gpt-4o", "azure", "gpt-4o", "gpt-4o", None),
        ("azure/responses/gpt-5", "azure", "gpt-5", "gpt-5", None),
        ("openai/responses/gpt-5-mini", "openai", "gpt-5-mini", "gpt-5-mini", None),
        ("bedrock/converse/us-east-1/anthropic.claude-opus-4-8-v1:0", "aws",
         "anthropic.claude-opus-4-8-v1:0", "claude-opus-4-8-v1", "us-east-1"),
        ("bedrock/us.anthropic.claude-haiku-4-5", "aws", "us.anthropic.claude-haiku-4-5",
         "claude-haiku-4-5", "us"),
        ("bedrock/ap-southeast-2/6-month-commitment/anthropic.claude-v2:1", "aws",
         "anthropic.claude-v2:1", "claude-v2", "ap-southeast-2"),
        ("arn:aws-us-gov:bedrock:us-gov-west-1:1:inference-profile/us-gov.anthropic.claude-3-haiku",
         "aws", "us-gov.anthropic.claude-3-haiku", "claude-3-haiku", "us-gov"),
        ("models/gemini-2.5-flash", "google", "gemini-2.5-flash", "gemini-2.5-flash", None),
        ("projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-pro", "google",
         "gemini-2.5-pro", "gemini-2.5-pro", "europe-west4"),
        ("projects/p/locations/global/publishers/anthropic/models/claude-opus-4-8", "google",
         "claude-opus-4-8", "claude-opus-4-8", "global"),
        ("huggingface/novita/qwen/qwen3-32b", "huggingface_novita", "qwen/qwen3-32b", "qwen3-32b",
         None),
        ("oci/meta.llama-3.1-8b-instruct", "oci", "meta.llama-3.1-8b-instruct",
         "llama-3.1-8b-instruct", None),
        ("ollama/llama3:8b", "ollama", "llama3:8b", "llama3", None),
    ],
)  # fmt: skip
def test_routes_and_regions_are_no_part_of_the_name(
    reference: str, provider: str, name: str, base_name: str, region: str | None
) -> None:
    model = resolve(reference)
    found = (model.provider, model.name, model.base_name, model.region)
    assert found == (provider, name, base_name, region)


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("bedrock/arn:aws:bedrock:eu-west-1:1:application-inference-profile/k7",
         "the name of this resource does not say which model stands behind it"),
        ("openrouter/auto", "it sends each call on to models of its own choice"),
        ("groq/compound-beta", "it sends each call on to models of its own choice"),
        ("openai/whisper-1", "it makes or reads images, speech or video, which are not billed as text"),
        ("cloudflare/@cf/baai/bge-m3", "it judges, ranks or embeds texts and holds no conversation"),
        ("openai/container", "it is a class of prices or an add-on, not a model"),
    ],
)  # fmt: skip
def test_a_refusal_gives_its_reason(reference: str, reason: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        resolve(reference)
    (problem,) = caught.value.problems
    assert problem.what.endswith(f": {reason}")
    assert "`counts_as`" in problem.mend
    is_left_out = "images" in reason or "embeds" in reason
    assert ("nothing is to be corrected" in problem.mend) == is_left_out
    assert ("correct its name" in problem.mend) != is_left_out


def test_a_name_that_does_not_tell_counts_as_the_model_behind_it() -> None:
    profile = "bedrock/arn:aws:bedrock:eu-west-1:1:application-inference-profile/k7"
    model, behind = (
        resolve(profile, counts_as="anthropic/claude-opus-4-8"),
        resolve("anthropic/claude-opus-4-8"),
    )
    assert (model.reference, model.provider, model.region) == (profile, "aws", "eu-west-1")
    assert (model.base_name, model.ratios, model.framing) == (
        behind.base_name,
        behind.ratios,
        behind.framing,
    )
    deployment = resolve("azure/prod-chat", counts_as="openai/gpt-4.1")
    assert (deployment.provider, deployment.name, deployment.exact) == ("azure", "gpt-4.1", True)


def test_a_known_model_does_not_count_as_another() -> None:
    assert resolve("azure/gpt-4o", counts_as="openai/gpt-4o-mini").base_name == "gpt-4o-mini"
    with pytest.raises(MeasurementError, match="is known and is not counted as 'openai/gpt-4"):
        resolve("claude-opus-5", counts_as="openai/gpt-4.1")
    with pytest.raises(MeasurementError, match="there is no model 'gpt-45' that is known here"):
        resolve("azure/prod-chat", counts_as="gpt-45")


@pytest.mark.parametrize(
    "reference",
    [
        "", " ", "/", ":", "openai/", "openai:", "gpt", "gpt-45", "gpt-4x", "gpt-4-1",
        "gpt-4-1-mini", "gpt-4.2", "gpt-4omni", "gpt-40", "gpt-50", "gpt-5x", "gpt-5.", "gpt-60",
        "gpt-6x", "o1x", "o2", "o4", "o11", "o3.5", "gpt-3.5-turboX", "gpt-3.5-turbo-fake",
        "gpt-35", "chatgpt-4o", "gpt-image-1", "gpt-live-1", "tts-1", "whisper-1", "moderation",
        "davinci-003", "gpt-osss", "text-embedding-4", "ft:", "ft::", "ft:gpt-45:org::id",
        "gpt-4:evil", "gpt-4o:", "evil/gpt-4o", "openrouter/evil/gpt-4o",
        "openrouter/google/gpt-4o", "openai/claude-opus-5", "openai/google/gpt-4o",
        "anthropic/gpt-4o", "aws/google.gpt-4o", "gpt-4o/", "claude-opus-4-10", "claude-opus-4-71", "claude-opus-6", "claude-5",
        "claude-evil-5", "gemini-9-flash", "evil/gemini-2.5-flash", "evil/claude-opus-5",
        "openrouter/evil/grok-4", "my-deployment", "azure/my-deployment", "prod-chat", "openrouter/auto",
        "imagen-4", "compound-beta", "bge-m3",
        "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/k7l8m9",
        "llama-31", "ｇｐｔ-4o", "gpt‑4o", "gpt-4\no",
    ],
)  # fmt: skip
def test_a_model_that_resolves_to_none_is_an_error_with_a_mend(reference: str) -> None:
    with pytest.raises(
        MeasurementError,
        match=r"(no tokenizer is known for|there is no model) [^`]*`counts_as.*`encoding: o200k_base`",
    ):
        resolve(reference)


def test_an_encoding_from_the_configuration_estimates_an_unknown_model() -> None:
    assert resolve("Groq/Acme-4.7", encoding=CL100K) == Model(
        reference="Groq/Acme-4.7",
        provider="groq",
        name="acme-4.7",
        base_name="acme-4.7",
        encoding=CL100K,
        exact=False,
        framing=Framing.ASSUMED,
        source=CONFIGURED,
    )
    assert resolve("acme-7b", encoding=O200K).provider == UNKNOWN_PROVIDER
    own = resolve("acme/chat-7b", encoding=O200K)
    assert (own.provider, own.name) == (UNKNOWN_PROVIDER, "acme/chat-7b")


def test_an_encoding_may_repeat_but_not_change_that_of_a_known_model() -> None:
    assert resolve("gpt-4.1", encoding=O200K) == resolve("gpt-4.1")
    assert resolve("claude-opus-5", encoding="claude-4.8") == resolve("claude-opus-5")
    for reference in ("gpt-4.1", "claude-opus-5", "gpt-6"):
        known = resolve(reference)
        assert known.unused_encoding is None
        assert resolve(reference, encoding=P50K) == replace(known, unused_encoding=P50K)


def test_an_encoding_that_does_not_exist_is_an_error() -> None:
    for reference in ("gpt-4.1", "acme-7b"):
        with pytest.raises(MeasurementError, match="no encoding 'o300k'; use one of o200k_base"):
            resolve(reference, encoding="o300k")


SAME = {"gpt2": "r50k_base"}
"""gpt2's vocabulary is r50k_base's in another file format, which does not ship."""

SNAPSHOTS = {
    "gpt-4-": ("gpt-4-0314", "gpt-4-0613", "gpt-4-32k", "gpt-4-32k-0613", "gpt-4-1106-preview",
               "gpt-4-0125-preview", "gpt-4-turbo", "gpt-4-turbo-preview", "gpt-4-vision-preview"),
    "gpt-3.5-turbo-": ("gpt-3.5-turbo-0301", "gpt-3.5-turbo-0125", "gpt-3.5-turbo-16k",
                       "gpt-3.5-turbo-16k-0613", "gpt-3.5-turbo-instruct"),
    "gpt-35-turbo-": ("gpt-35-turbo-0125", "gpt-35-turbo-16k", "gpt-35-turbo-instruct"),
    "gpt-5": ("gpt-5", "gpt-5-mini", "gpt-5.2", "gpt-5-2025-08-07", "gpt-5.6-sol"),
}  # fmt: skip
"""Names with those of tiktoken's prefixes after which it takes endings that do not exist."""


@pytest.mark.parametrize("name", MODEL_TO_ENCODING)
def test_every_model_of_tiktokens_table(name: str) -> None:
    model = resolve(name)
    encoding = MODEL_TO_ENCODING[name]
    assert (model.encoding, model.exact) == (SAME.get(encoding, encoding), True)


@pytest.mark.parametrize("prefix", [name for name in MODEL_PREFIX_TO_ENCODING if name[:3] != "ft:"])
def test_every_prefix_of_tiktokens_table(prefix: str) -> None:
    for name in SNAPSHOTS.get(prefix, (f"{prefix}2025-01-31", f"{prefix}mini")):
        model = resolve(name)
        assert (model.encoding, model.exact) == (MODEL_PREFIX_TO_ENCODING[prefix], True)


@pytest.mark.parametrize("prefix", [name for name in MODEL_PREFIX_TO_ENCODING if name[:3] == "ft:"])
def test_every_fine_tune_of_tiktokens_table(prefix: str) -> None:
    model = resolve(f"{prefix}:acme::id")
    assert (model.encoding, model.exact) == (MODEL_PREFIX_TO_ENCODING[prefix], True)


CATALOGUE = {provider.id: [model.id for model in provider.models] for provider in providers}

NOT_TEXT = re.compile(
    r"(chat)?gpt-image-.+|chatgpt-image.+|gpt-live-.+|(gpt-)?transcribe|tts-1.*"
    r"|whisper-1|moderation"
    r"|ft:gpt-3\.5-turbo-"  # a prefix, not a name
)


@pytest.mark.parametrize("name", CATALOGUE["openai"])
def test_every_text_model_of_openai_in_the_catalogue_resolves(name: str) -> None:
    if NOT_TEXT.fullmatch(name):
        with pytest.raises(MeasurementError):
            resolve(f"openai/{name}")
    else:
        assert resolve(f"openai/{name}").name == name


@pytest.mark.parametrize("name", CATALOGUE["anthropic"])
def test_every_model_of_anthropic_resolves(name: str) -> None:
    newer = re.search(r"-5|4-[78]|fable|mythos", name) and not re.search(r"3-5|4-5", name)
    own = "claude-4.7" if "4-7" in name else "claude-4.8" if newer else "claude-3"
    assert resolve(name).encoding == (O200K if name in {"claude-2", "claude-v1"} else own)


def test_every_provider_of_the_catalogue_is_known() -> None:
    assert set(CATALOGUE) <= set(PROVIDERS)


def test_a_reference_means_the_same_in_capitals() -> None:
    for provider, names in CATALOGUE.items():
        for name in names:
            reference = f"{provider}/{name}"
            assert resolved(reference.upper()) == resolved(reference.lower())


def resolved(reference: str) -> tuple[str, str, str, bool] | None:
    try:
        model = resolve(reference)
    except MeasurementError:
        return None
    return model.provider, model.name, model.encoding, model.exact


def test_models_are_keys() -> None:
    for reference in ("gpt-4.1", "grok-4", "llama-3.3-70b"):
        assert {resolve(reference): 1}[resolve(reference)] == 1


def test_every_family_is_counted_with_a_known_encoding_and_has_a_source() -> None:
    for family in FAMILIES:
        assert family.encoding in ENCODINGS
        assert family.vendor in VENDORS
        assert family.source
        assert family.ratios is None or not family.exact
        for _, ratio in family.ratios.by_kind if family.ratios is not None else ():
            assert 0 < ratio.low <= ratio.probable <= ratio.high


PARTS = st.sampled_from(
    [*PROVIDERS, *VENDORS, "/", ":", ".", "-", "@", "~", "ft:", "gpt-4", "gpt-4o", "o1", "claude-",
     "opus", "5", "4", ":0", "us.", " ", "\n", "İ"],
)  # fmt: skip


@given(reference=st.one_of(st.text(), st.lists(PARTS, max_size=6).map("".join)))
def test_resolving_any_text_gives_a_model_or_says_why_not(reference: str) -> None:
    try:
        model = resolve(reference)
    except MeasurementError as error:
        (problem,) = error.problems
        assert problem.mend
    else:
        assert model.encoding in ENCODINGS
    assert resolve(f"{reference}?", encoding=P50K).exact is False


@pytest.mark.parametrize(
    "reference",
    [
        "publishers/google/models/gemini-2.5-flash",
        "google/publishers/google/models/gemini-2.5-flash",
        "publishers/anthropic/models/claude-sonnet-4-5@20250929",
        "vertex/gemini-2.5-flash",
        "vertex_ai/claude-sonnet-4-5@20250929",
        "projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash",
    ],
)
def test_names_of_vertex_ai_are_known_as_such(reference: str) -> None:
    model = resolve(reference)
    assert (model.provider, model.is_vertex) == ("google", True)


@pytest.mark.parametrize("reference", ["google/gemini-2.5-flash", "models/gemini-2.5-flash"])
def test_names_of_the_gemini_api_are_not_those_of_vertex_ai(reference: str) -> None:
    assert not resolve(reference).is_vertex
