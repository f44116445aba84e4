"""Files that a template prints in several places, of which no sample comes to one."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from reviewbot.prompts.marked_runs import Run
from reviewbot.rendering.recorded_choices import Choice

_ENDINGS = ("", ".mustache", ".hbs", ".handlebars")
_TAGS = ("{{", "{%")


def files_left_out(
    choices: Iterable[Choice], texts: Mapping[str, str], shown: AbstractSet[str]
) -> Iterator[Run]:
    """The texts of the tags among `choices` that print another file, which stands in `texts`.

    Of a file of which nothing is `shown`, by its path, each line is told by itself. One with tags
    of its own is of unknown length, and so is what is no file: a partial that stands in the
    template.
    """
    for choice in choices if shown or texts else ():
        if not choice.is_file:
            continue
        paths = [path for path in texts if _may_mean(choice.text, path)]
        if paths and shown.isdisjoint(paths):
            continue
        text = max((texts[path] for path in paths), key=len, default="")
        is_open = not text or any(tag in text for tag in _TAGS)
        said = f"a tag that prints {choice.text}" if is_open else text.strip()
        yield Run(path=choice.path, line=choice.line, text=said, is_open=is_open)


def _may_mean(name: str, path: str) -> bool:
    """Whether a tag's name may be that of a file, in whatever folder it is looked for."""
    while name.startswith(("./", "../")):
        name = name.partition("/")[2]
    return any(f"/{path}".endswith(f"/{name}{ending}") for ending in _ENDINGS)
