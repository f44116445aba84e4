"""A Python for `action.yml` whose packages are there: an install takes twelve seconds of processor.

Everything else of the action is as it is: the environment is made, pip is asked, reviewbot runs in
the environment. One run in act, and the tests of the install itself, download the packages.
"""

import shlex
import sys
import sysconfig
from pathlib import Path

LOCKS = (
    "requirements-github.lock",
    "requirements-usage.lock",
    "requirements-claude.lock",
    "requirements-uv.lock",
)
"""The lock files that the action installs."""

_SCRIPT = """\
#!/bin/sh
case "$*" in
  *" pip --python "*" install "*)
    site=$("$5" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    echo {packages} > "$site/packages.pth"
    ;;
  *" pip --python "*) echo pip ;;
  *) exec {python} "$@" ;;
esac
"""


def python_with_packages(folder: Path) -> Path:
    """The path of that Python, which lies in a folder."""
    place = folder / "python-with-packages"
    packages = shlex.quote(sysconfig.get_path("purelib"))
    place.write_text(_SCRIPT.format(packages=packages, python=shlex.quote(sys.executable)))
    place.chmod(0o755)
    return place
