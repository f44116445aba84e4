"""Why a name stands for no model whose input can be counted: one row a reason."""

import re
from typing import Final

from msgspec import Struct


class Refusal(Struct, frozen=True, kw_only=True):
    """Names that are refused, as a regular expression for a plain name, and why.

    `mend` is what to do first about such a name.
    """

    names: str
    reason: str
    mend: str = "correct its name, or"


_LEFT_OUT: Final = "its calls are left out, and nothing is to be corrected; only"


OPAQUE: Final = "the name of this resource does not say which model stands behind it"
UNKNOWN: Final = "no family of models that is known here has such a name"

REFUSALS: Final = (
    Refusal(
        names=r".*(image|tts|whisper|transcribe|imagen|veo|sora|dall-e|lyria|flux|diffusion|seedream"
        r"|seedance|video|ocr|speech|orpheus|nano-banana|stable|kling|audio-\d|eleven_|voice|sonic"
        r"|translatotron|indictrans|wan-?\d|-live(-.+)?$|gpt-live|music|moondream|melo|resnet|llava-"
        r"|deepgram|aura-|nova-\d(-\w+)?$|paddle|pegasus|stepaudio|cosmos|sam-\d).*",
        reason="it makes or reads images, speech or video, which are not billed as text",
        mend=_LEFT_OUT,
    ),
    Refusal(
        names=r".*(router|compound|fusion|auto-.+|pareto-|deep-research|decider|switchpoint).*|auto",
        reason="it sends each call on to models of its own choice",
    ),
    Refusal(
        names=r".*(moderation|rerank|guard|safeguard|prompt-guard|shield|classif|reward|decisions|bge-"
        r"|embed|e5-|gte-|minilm|content-safety|extract|summarize|compress|ttm).*",
        reason="it judges, ranks or embeds texts and holds no conversation",
        mend=_LEFT_OUT,
    ),
    Refusal(
        names=r"container|.*-up-to-.*|together-ai-.*|.*-default|.*-lora|.*\*.*",
        reason="it is a class of prices or an add-on, not a model",
    ),
)


def why_refused(plain: str, *, is_opaque: bool) -> tuple[str, str]:
    """Why a model of this plain name is not counted, and how its mend begins."""
    rows = () if is_opaque else REFUSALS
    row = next((row for row in rows if re.fullmatch(row.names, plain)), None)
    reason = OPAQUE if is_opaque else UNKNOWN
    found = Refusal(names=plain, reason=reason) if row is None else row
    return found.reason, found.mend
