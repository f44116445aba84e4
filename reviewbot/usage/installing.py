"""How the libraries of an extra are installed, which `reviewbot` alone does not bring."""

import importlib.metadata
import importlib.util

from reviewbot.errors import Problem, UsageError


def require(module: str, what: str) -> None:
    """Refuse to go on without a library of the extra `usage`; `what` says that it is missing.

    Raises:
        UsageError: It is not installed.

    """
    if importlib.util.find_spec(module) is None:
        raise UsageError([Problem(what=what, mend=install())])


def install(*extras: str) -> str:
    """The command that brings the libraries of extras, in the versions that they ask for."""
    asked = importlib.metadata.requires("reviewbot") or ()
    items = [item.replace('"', "'") for item in asked]
    endings = [f"; extra == '{extra}'" for extra in extras or ("usage",)]
    names = [
        item.removesuffix(end)
        for end in endings
        for item in items
        if item.endswith(end) and not item.startswith("reviewbot[")
    ]
    quoted = " ".join(f'"{name}"' for name in names)
    return f"install it: pip install {quoted}"
