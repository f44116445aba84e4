"""What was meant by a key that is unknown."""

import re
from collections.abc import Collection

from reviewbot.configuration.kinds.positions import At, nearest, shown

BELONGS = "it belongs in "
_NEAR = 0.7
"""How alike a key and the known one are to be, from 0 to 1: `team` is no slip of `tenant`."""

_OF_REQUESTS = frozenset(
    [
        "temperature",
        "top_p",
        "top_k",
        "seed",
        "stop",
        "frequency_penalty",
        "presence_penalty",
        "stream",
        "timeout",
    ]
)
"""What requests to a model carry, and no figure here depends on."""

_MODEL = re.compile(r"[\w.-]{1,60}/[\w./:@-]{1,140}|(?=[a-z.-]{0,60}\d)[\w.-]{2,100}")
"""What is probably a model: it has its maker, or a version."""

_CALLED_OTHERWISE = {
    **dict.fromkeys(("limits", "thresholds"), ("envelope",)),
    "limit": ("envelope", "monthly_cost", "hard"),
    **dict.fromkeys(("file", "template", "filename"), ("path",)),
    **dict.fromkeys(("reviewers", "owners", "users"), ("approvers",)),
    **dict.fromkeys(("calls_per_day", "calls_per_month", "requests", "volume"), ("calls",)),
    **dict.fromkeys(("cache", "cached", "cache_rate", "cache_hits"), ("cache_hit_rate",)),
    **dict.fromkeys(
        ("output", "tokens", "completion_tokens", "response_tokens"), ("output_tokens",)
    ),
    **dict.fromkeys(("max_completion_tokens", "max_new_tokens", "num_predict"), ("max_tokens",)),
    **dict.fromkeys(("env", "stage"), ("environment",)),
    **dict.fromkeys(("customer", "client", "account", "organisation", "organization"), ("tenant",)),
    **dict.fromkeys(("warn", "warning"), ("soft",)),
    **dict.fromkeys(("fail", "error", "max", "maximum"), ("hard",)),
    **dict.fromkeys(("cost", "monthly", "monthly_budget", "per_month"), ("monthly_cost",)),
    **dict.fromkeys(("call_cost", "per_call"), ("cost_per_call",)),
    **dict.fromkeys(("growth", "max_increase"), ("increase",)),
}
"""Words that other tools have for a key; the first that is known is meant."""

_ELSEWHERE = {
    **dict.fromkeys(("exclude", "excludes", "exclude_paths", "skip"), "coverage: {ignore: […]}"),
    **{f"default_{key}": f"defaults: {{{key}: …}}" for key in ("model", "traffic", "envelope")},
}
"""Keys at the top of the file that other tools have, and what is written for them here."""


def unknown_key(key: str, known: Collection[str], at: At) -> tuple[str | None, str, str]:
    """The key that was meant, if one is near; what is wrong, and the mend."""
    what = f"the key {shown(key)} is unknown"
    begun, colon, rest = key.partition(":")
    if colon and begun in known:
        return begun, f"no blank stands behind `{begun}:`", f"write `{begun}: {rest}`"
    if key in _OF_REQUESTS and "prompts" in known:
        mend = "take it out: it changes no figure here, and is set in the code or the prompt file"
        return None, what, mend
    if key in ("provider", "vendor") and "model" in known:
        return None, what, "write it in front of the model's name, as in `model: openai/gpt-4.1`"
    near = nearest(key, known, at_least=_NEAR)
    near = next((it for it in _CALLED_OTHERWISE.get(key, ()) if it in known), near)
    if "defaults" in known and key in _ELSEWHERE:
        return None, what, f"write `{_ELSEWHERE[key]}`"
    is_plural = near is not None and near.rstrip("s") == key.rstrip("s")
    place = None if is_plural else at.belongs(key, at.key)
    if place is None and "overrides" in known and not near and _MODEL.fullmatch(key):
        place = f"`overrides`: `overrides: {{{key}: …}}`"
    if place is not None:
        return None, f"{what} here", f"{BELONGS}{place}"
    listed = ", ".join(f"`{name}`" for name in known)
    return near, what, f"did you mean `{near}`?" if near else f"use one of {listed}"
