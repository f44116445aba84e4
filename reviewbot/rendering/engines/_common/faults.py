"""What a fault inside a template engine means to the author of the template."""


def described(error: Exception) -> tuple[str, str]:
    """What is wrong, and the mend, for errors that are no engine's own."""
    match error:
        case MemoryError():
            return "rendering takes more memory than it may", "simplify the template"
        case RecursionError():
            return "the template calls or includes itself too deep", "end the recursion"
        case _:
            message = str(error.args[0]) if error.args else type(error).__name__
            return f"{type(error).__name__}: {message}", "correct the template"
