"""How the libraries that read logs are installed, which `reviewbot` alone does not bring."""

import importlib.metadata

_EXTRA = "; extra == 'usage'"


def install() -> str:
    """The command that brings the libraries of the extra `usage`, in the versions that it asks."""
    asked = importlib.metadata.requires("reviewbot") or ()
    items = [item.replace('"', "'") for item in asked]
    names = [item.removesuffix(_EXTRA) for item in items if item.endswith(_EXTRA)]
    quoted = " ".join(f'"{name}"' for name in names)
    return f"install it: pip install {quoted}"
