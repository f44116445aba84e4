"""Settings of calls that a prompt's workflow does not count: what of them may cost more."""

import re
from typing import Final

from msgspec.structs import replace

from reviewbot.prompt_formats._common.request_settings import is_free
from reviewbot.rendering.parsers._common.requests import CAPS, MODELS, RETRIES, SCHEMAS
from reviewbot.scope.affected import Asked, Resent
from reviewbot.scope.sent_otherwise.compared_schemas import may_be_longer

_USUAL_RETRIES: Final = 2
"""What the SDKs of OpenAI, Anthropic and Vercel do where nobody says a number.

https://github.com/openai/openai-python#retries, as of November 2026.
"""

_NUMBER = re.compile(r"(?:[\w.]{1,100} \()?([0-9]{1,9})\)?\Z")
"""A number, or a name with the one that stands behind it."""


def kind_of(key: str) -> Asked:
    """What a key of a call says: retries are further calls."""
    if key in MODELS:
        return Asked.MODEL
    if key in RETRIES:
        return Asked.CALLS
    return Asked.CAP if key in CAPS else Asked.SETTING


def may_cost(key: str, was: str | None, now: str) -> bool:
    """Whether another value of a setting may cost more; `was` is None where there was none.

    Of the schema of an answer only its length counts, of retries more than before, or than usual:
    what code computed before is taken for the usual number, what it computes now for any.
    """
    if key in SCHEMAS:
        return may_be_longer(was, now)
    if (key in MODELS and _NO_MODEL.match(now)) or (was and _named_now(was) == _named_now(now)):
        return False
    if key in RETRIES:
        before = _number(was or "", unknown=_USUAL_RETRIES)
        return _number(now, unknown=_ANY_NUMBER) > max(before, _USUAL_RETRIES)
    return not is_free(key)


_NO_MODEL = re.compile(r"(?:true|false|True|False|[0-9.]{1,9})\Z")
"""What is said of a model for other ends, such as whether its name is kept."""


def _named_now(said: str) -> str:
    """A value by the names that functions of the Vercel AI SDK have since version 7."""
    return said.replace("stepCountIs(", "isStepCount(")


def _number(said: str, unknown: int) -> int:
    """How many retries are asked for."""
    found = _NUMBER.match(said)
    return unknown if found is None else int(found[1])


_ANY_NUMBER: Final = 10**9


def told(item: Resent) -> Resent:
    """A setting as it is told: of retries that they are more calls."""
    if item.kind is not Asked.CALLS:
        return item
    return replace(item, key="", form=f"with `{item.key}` of `{item.form}`")
