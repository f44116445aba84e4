"""Globs of files that are to be left alone, put into the text of a configuration."""

from collections.abc import Sequence

from reviewbot.configuration.text_edits import TextEdits
from reviewbot.documents.yaml_quoting import quoted


def ignore(edits: TextEdits, globs: Sequence[str]) -> None:
    """Put the globs behind those of `coverage.ignore`, which is written where it is not there."""
    written = [quoted(glob) for glob in globs]
    if not globs:
        return
    if edits.has(("coverage", "ignore", 0)):
        for glob in written:
            edits.append(("coverage", "ignore"), glob)
    elif edits.has(("coverage",)):
        edits.set(("coverage",), "ignore", f"[{', '.join(written)}]")
    else:
        edits.set((), "coverage", f"{{ignore: [{', '.join(written)}]}}")
