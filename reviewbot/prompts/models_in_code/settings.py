"""Models and output caps in files of settings: YAML, JSON, TOML, `.env`."""

import re

from msgspec import Struct

from reviewbot.rendering.parsers._common.known_models import is_known_model
from reviewbot.rendering.parsers._common.requests import CAPS

_NAME = re.compile(
    r"\.(?:ya?ml|json5?|jsonc|toml|ini|cfg|conf|properties|env|tf|tfvars)\Z"
    r"|(?:\A|/)(?:\.env(?:\.[\w.-]{1,40})?|Dockerfile(?:\.[\w.-]{1,40})?|Procfile)\Z"
)
_LOCKED = re.compile(
    r"(?:\A|/)(?:package-lock|pnpm-lock|composer|npm-shrinkwrap)\.(?:json|ya?ml)\Z"
)
_KEY = r"(?i:[\w.-]{0,40}(?:model|llm|deployment|engine|completion|output|max)[\w.-]{0,40})"
_SET = re.compile(
    rf"(?<![\w.-])[\"']?(?P<key>{_KEY})[\"']?(?:[ \t]*[:=][ \t]*|[ \t]+)[\"']?"
    r"(?P<value>[\w.:/@-]{2,80})"
)
_NAMED = re.compile(
    rf"name:[ \t]*[\"']?(?P<key>{_KEY})[\"']?\s{{1,40}}value:[ \t]*[\"']?"
    r"(?P<value>[\w.:/@-]{2,80})"
)
_OF_MODELS = re.compile(r"(?i)model|llm")
_ID = re.compile(
    r"(?<![\w.-])[\"']?(?P<key>id|slug|default|primary|fallback)[\"']?[ \t]*[:=][ \t]*[\"']?"
    r"(?P<value>[\w.:/@-]{2,80})"
)
_EFFORT = re.compile(
    r"(?<![\w.-])[\"']?(?P<key>(?:reasoning|thinking)?_?[eE]ffort|thinking_?[lL]evel)[\"']?"
    r"[ \t]*[:=][ \t]*[\"']?(?P<value>none|minimal|low|medium|high|xhigh|max)\b"
)
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_CAPS = {key.replace("_", "").lower() for key in CAPS}
MOST_OF_ONE = 5
"""A key that stands more often in one file is that of a table, such as one of all models."""


class Setting(Struct, frozen=True):
    """A model or a cap under a key."""

    key: str
    value: str
    line: int

    @property
    def is_cap(self) -> bool:
        """Whether it says how long an answer may be."""
        said = re.sub(r"[^a-z]", "", self.key.lower())
        return any(said.endswith(cap) for cap in _CAPS) and self.value.isdecimal()


def is_of_settings(path: str) -> bool:
    """Whether a file's name shows that it may hold settings."""
    return _NAME.search(path) is not None and _LOCKED.search(path) is None


def models_by_id(path: str, text: str) -> list[Setting]:
    """The models that a file names by their ids alone, where its path says that they are such."""
    if not _OF_MODELS.search(path):
        return []
    return [item for item in _found(_ID, text) if is_known_model(item.value)]


def efforts_in(text: str) -> list[Setting]:
    """How much models are asked to think."""
    return _found(_EFFORT, text)


def is_more_effort(was: str, now: str) -> bool:
    """Whether a model is asked to think more than before; `low` is more than `none`."""
    return _EFFORTS.index(now) > _EFFORTS.index(was)


def _found(form: re.Pattern[str], text: str) -> list[Setting]:
    return [
        Setting(it["key"], it["value"].rstrip(".:"), text.count("\n", 0, it.start("value")) + 1)
        for it in form.finditer(text)
    ]


def settings_in(text: str) -> list[Setting]:
    """The models and the caps that a file of settings names."""
    found: list[Setting] = []
    for form in (_SET, _NAMED):
        found += (it for it in _found(form, text) if it.is_cap or is_known_model(it.value))
    return found
