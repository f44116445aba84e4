"""Whether a text stands in the lines of a file, so that its lines are the file's."""


def stands_in_lines(text: str, file_text: str, line: int) -> bool:
    """Whether each line of `text` stands in one of the file's, from `line` (from 1) on."""
    own = text.rstrip("\n").split("\n")
    lines = file_text.split("\n")[line - 1 : line - 1 + len(own)]
    return len(lines) == len(own) and all(
        part.strip() in there for part, there in zip(own, lines, strict=True)
    )
