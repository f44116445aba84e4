"""Whether a text names a model."""

from functools import lru_cache


@lru_cache(maxsize=256)
def is_known_model(name: str) -> bool:
    """Whether a text is the name of a model that is known."""
    from reviewbot.errors import MeasurementError
    from reviewbot.tokens.model_names import resolve

    try:
        resolve(name)
    except MeasurementError:
        return False
    return True
