"""Whether two names mean one model."""

from functools import lru_cache

from msgspec.structs import replace

from reviewbot.errors import MeasurementError


def is_same_model(one: str, other: str) -> bool:
    """Whether two names mean one model, whoever sells it and whatever its date."""
    return _plain(one) == _plain(other)


def is_spelled_otherwise(one: str, other: str) -> bool:
    """Whether two names say the same seller, region and model, such as `a:m` and `a/m`."""
    from reviewbot.tokens.model_names import resolve

    try:
        return replace(resolve(one), reference=other) == resolve(other)
    except MeasurementError:
        return False


@lru_cache(maxsize=256)
def _plain(name: str) -> str:
    from reviewbot.tokens.model_names import resolve

    try:
        return resolve(name).base_name
    except MeasurementError:
        return name.rpartition("/")[2].lower()
