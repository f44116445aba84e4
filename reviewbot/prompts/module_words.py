"""What source files import each other by."""


def module_of(path: str) -> str:
    """The word by which others import a file."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    return folder.rpartition("/")[2] if stem in {"__init__", "index"} else stem
