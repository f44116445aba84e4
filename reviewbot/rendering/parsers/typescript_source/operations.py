"""Operations on texts, as `reviewbot.rendering.engines.typescript_text` carries them out."""

from reviewbot.rendering.parsers._common.texts import Operation, Text, bounded

TRUE, FALSE = (Operation("value", constant) for constant in (True, False))


def is_text(said: Text | None) -> bool:
    """Whether a value is a text, or may be one."""
    return isinstance(said, str) or (
        isinstance(said, list) and said[0] not in {"value", "undefined", "hole", "not"}
    )


def is_certain(said: Text) -> bool:
    """Whether a value is a text for certain, so that `+` does not add numbers."""
    return isinstance(said, str) or said[0] in {"join", "trim", "replace", "dedent", "list"}


def joined(parts: list[Text]) -> Text:
    """Texts one after the other; those that are known are one string."""
    flat: list[Text] = []
    for part in parts:
        for piece in part[1:] if isinstance(part, list) and part[0] == "join" else [part]:
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] = bounded(flat[-1], piece)
            elif piece != "":
                flat.append(piece)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 and isinstance(flat[0], str) else Operation("join", *flat)
