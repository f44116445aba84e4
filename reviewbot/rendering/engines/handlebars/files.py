"""The files of a Handlebars template's partials."""

from collections.abc import Callable, Sequence

from reviewbot.rendering.engines import Load
from reviewbot.rendering.engines._common.faults import MissingFileError
from reviewbot.rendering.engines.handlebars.reader import read_template
from reviewbot.rendering.engines.handlebars.tree import Program


class Files:
    """Reads each file once; `names` gives the names that the file of a partial may have."""

    def __init__(self, load: Load, names: Callable[[str], Sequence[str]]) -> None:
        self._load = load
        self._names = names
        self._read: dict[str, Program] = {}

    def has(self, name: str, parent: str) -> bool:
        """Whether there is a file of that partial."""
        return any(self._load(file, parent) for file in self._names(name))

    def read(self, name: str, parent: str, line: int) -> Program:
        """The template in the file of a partial, which the file `parent` names at a line.

        Raises:
            TemplateError: There is none, or it is wrong.
        """
        for file in self._names(name):
            found = self._load(file, parent)
            if found is not None:
                path, text = found
                if path not in self._read:
                    self._read[path] = read_template(text, path)
                return self._read[path]
        first = next(iter(self._names(name)), name)
        mend = f"add {first}; it is looked for from the including file upwards"
        what = f"the partial {name!r} was not found"
        raise MissingFileError(what, mend, line=line, path=parent, name=first)


def indented(text: str, indent: str) -> str:
    """Each line behind `indent`; nothing behind the last line break."""
    if not indent:
        return text
    lines = text.split("\n")
    last = len(lines) - 1
    return "\n".join(
        line if place == last and not line else indent + line for place, line in enumerate(lines)
    )
