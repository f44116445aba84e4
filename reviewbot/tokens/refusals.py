"""Why a name stands for no model whose input can be counted: one row a reason."""

import re
from typing import Final

from msgspec import Struct


class Refusal(Struct, frozen=True, kw_only=True):
    """Names that are refused, as a regular expression for a plain name, and why."""

    names: str
    reason: str


OPAQUE: Final = "the name of this resource does not say which model stands behind it"
UNKNOWN: Final = "no family of models that is known here has such a name"

REFUSALS: Final = (
    Refusal(
        names=r".*(image|tts|whisper|transcribe|imagen|veo|sora|dall-e|lyria|flux|diffusion|seedream"
        r"|seedance|video|ocr|speech|orpheus|nano-banana|stable|kling|audio-\d|eleven_|voice|sonic"
        r"|translatotron|indictrans|wan-?\d|-live(-.+)?$|gpt-live|music|moondream|melo|resnet|llava-"
        r"|deepgram|aura-|nova-\d(-\w+)?$|paddle|pegasus|stepaudio|cosmos|sam-\d).*",
        reason="it makes or reads images, speech or video, which are not billed as text",
    ),
    Refusal(
        names=r".*(router|compound|fusion|auto-.+|pareto-|deep-research|decider|switchpoint).*|auto",
        reason="it sends each call on to models of its own choice",
    ),
    Refusal(
        names=r".*(moderation|rerank|guard|safeguard|prompt-guard|shield|classif|reward|decisions|bge-"
        r"|embed|e5-|gte-|minilm|content-safety|extract|summarize|compress|ttm).*",
        reason="it judges, ranks or embeds texts and holds no conversation",
    ),
    Refusal(
        names=r"container|.*-up-to-.*|together-ai-.*|.*-default|.*-lora|.*\*.*",
        reason="it is a class of prices or an add-on, not a model",
    ),
)


def why_refused(plain: str, *, is_opaque: bool) -> str:
    """Why a model of this plain name is not counted."""
    if is_opaque:
        return OPAQUE
    return next((row.reason for row in REFUSALS if re.fullmatch(row.names, plain)), UNKNOWN)
