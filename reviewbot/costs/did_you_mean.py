"""Which known model a misspelt name may have meant."""

import difflib

from reviewbot.costs.catalogue_rates import listed_names
from reviewbot.tokens.providers import PROVIDERS

_ALIKE = 0.75
"""How alike two names have to be, as difflib has it; `gpt-4.1-mni` and `gpt-4.1-mini` are 0.96."""

_LONGEST = 100


def nearest_model(reference: str) -> str | None:
    """The model of the catalogue whose name is nearest, as the reference writes its provider."""
    head, slash, name = reference.strip().lower()[:_LONGEST].partition("/")
    known = listed_names()
    if slash and head in PROVIDERS:
        own = f"{PROVIDERS[head]}/"
        rest = [item.removeprefix(own) for item in known if item.startswith(own)]
        near = difflib.get_close_matches(name, rest, 1, _ALIKE)
        if near:
            return f"{head}/{near[0]}"
    wanted = reference.strip().lower()[:_LONGEST]
    near = difflib.get_close_matches(wanted, known, 1, _ALIKE)
    return near[0] if near else None
