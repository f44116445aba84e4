"""Where tests keep their repositories: in memory, where there is enough of it.

They are small files by the hundred thousand. A disk takes ten times as long for each.
"""

import os
import tempfile

_IN_MEMORY = "/dev/shm"
_BYTES = 4 * 2**30
"""What a run may need at once is a quarter of that; containers have 64 MiB there."""


def use_memory() -> None:
    """Let this process and those it starts keep temporary files there; a TMPDIR that is set stays."""
    if "TMPDIR" in os.environ or not os.access(_IN_MEMORY, os.W_OK | os.X_OK):
        return
    room = os.statvfs(_IN_MEMORY)
    if room.f_bavail * room.f_frsize >= _BYTES:
        os.environ["TMPDIR"] = _IN_MEMORY
        tempfile.tempdir = None
