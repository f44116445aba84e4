"""How the extra that reads logs is installed: not by a bare name, which may be another's."""

import importlib.metadata


def install() -> str:
    """The command of docs/usage.md, for this version."""
    version = importlib.metadata.version("reviewbot")
    where = f"git+https://github.com/acme/reviewbot@v{version}"
    return f'install it: pip install "reviewbot[usage] @ {where}"'
