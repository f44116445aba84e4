"""Which prompts of a file `coverage.ignore` names, beside the globs of whole files."""


def prompt_of(pattern: str) -> tuple[str, str] | None:
    """The file and the selector of `path#selector`, which means one prompt; None of a glob."""
    path, _, selector = pattern.partition("#")
    return (path, selector) if selector else None
