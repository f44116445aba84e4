"""Magics of IPython that may set anything, as a statement of Python that says which one it is."""

_MODULE = "__ipython__"


def star_of(name: str, *, is_cell: bool, is_known: bool) -> str:
    """The statement that stands for a magic: what was known before it is not known any more."""
    kind, known = "cell" if is_cell else "line", "known" if is_known else "unknown"
    word = name if name.isascii() else ""
    return f"from {_MODULE}.{kind}.{known}.of_{word} import *"


def said_of(module: str) -> str:
    """The magic that such a statement stands for, `%run`; empty where it is another module."""
    if not module.startswith(f"{_MODULE}."):
        return ""
    kind, known, word = (*module.split("."), "", "", "")[1:4]
    magic = f"`{'%%' if kind == 'cell' else '%'}{word.removeprefix('of_')}`"
    return magic if known == "known" else f"{magic}, a magic that is not known here"
