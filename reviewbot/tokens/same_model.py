"""Whether two names mean one model."""

from functools import lru_cache

from reviewbot.errors import MeasurementError


def is_same_model(one: str, other: str) -> bool:
    """Whether two names mean one model, whoever sells it and whatever its date."""
    return _plain(one) == _plain(other)


@lru_cache(maxsize=256)
def _plain(name: str) -> str:
    from reviewbot.tokens.model_names import resolve

    try:
        return resolve(name).base_name
    except MeasurementError:
        return name.rpartition("/")[2].lower()
