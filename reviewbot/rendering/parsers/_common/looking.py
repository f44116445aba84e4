"""Names of functions that look at a text, and send nothing of it."""

from typing import Final

LOOKING: Final = {
    *("print", "len", "debug", "info", "warning", "warn", "error", "exception", "critical"),
    *("isinstance", "bool", "repr", "id", "sha256", "md5", "startswith", "endswith", "find"),
    *("trace", "assert", "includes", "indexOf", "set_attribute", "setAttribute", "count"),
    *("assertEqual", "assertIn", "add_argument", "observe", "increment", "echo", "write"),
}

LOOKING_WORDS: Final = ("token", "hash", "digest", "log")
"""Words of such names."""
