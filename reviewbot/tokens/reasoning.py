"""Which models reason before they answer, by their plain names; what they reason with is output.

The names are those of the providers' own lists of reasoning models (as of autumn 2026), where they
reason unless a request says otherwise.
"""

import re

from reviewbot.errors import MeasurementError
from reviewbot.tokens.model_names import resolve

_REASONS = re.compile(
    r"o[1-9](-.+)?|gpt-(5|6)(?!.*chat)(\.\d+)?(-.+)?|gpt-oss(-.+)?|codex-.+"
    r"|gemini-(2\.5|3)(?!.*lite).*|deepseek-(reasoner|r\d).*|grok-4(?!.*non-reasoning).*"
    r"|(magistral|qwq)-.+"
)


def reasons(model: str) -> bool:
    """Whether a model is known to reason before each answer."""
    try:
        name = resolve(model).base_name
    except MeasurementError:
        return False
    return _REASONS.fullmatch(name) is not None
