"""Links to lines, commits, the run and the documentation; where nothing is known of them, text.

An address is made of parts that are checked and quoted here, so nothing that a repository names
leads out of it.
"""

import re
from urllib.parse import quote

from msgspec import Struct

from reviewbot.errors import Place
from reviewbot.outputs import wording
from reviewbot.outputs.markdown.inert import (
    Verbatim,
    cut,
    inert,
    prose,
    within_line,
    within_line_prose,
)

_COMMIT = re.compile(r"[0-9a-f]{40,64}")


def is_commit(text: str) -> bool:
    """Whether it is the whole id of a commit, by SHA-1 or SHA-256."""
    return _COMMIT.fullmatch(text) is not None


class Site(Struct, frozen=True, kw_only=True):
    """Where the repository, this run and the documentation are on the web; None where unknown."""

    repository_url: str | None = None
    run_url: str | None = None
    documentation_url: str | None = None


NOWHERE = Site()
"""Nothing is known of the web: nothing is linked."""


class Links(Struct, frozen=True, kw_only=True):
    """Makes links at the commit `head`; `missing` are files that it does not hold."""

    site: Site
    head: str | None
    missing: frozenset[str] = frozenset()

    def lines(self, file: str, first: int | None = None, last: int | None = None) -> Verbatim:
        """`file:first–last`, linked to these lines."""
        text = wording.plain(file)
        anchor = ""
        if first is not None:
            text, anchor = f"{text}:{first}", f"#L{first}"
            if last is not None and last > first:
                text, anchor = f"{text}–{last}", f"{anchor}-L{last}"
        return _linked(text, self._file_url(file, anchor))

    def titled(self, title: Verbatim, file: str, line: int) -> Verbatim:
        """`title`, linked to a line of `file`."""
        url = self._file_url(file, f"#L{line}")
        return Verbatim(f"[{title}]({url})") if url else title

    def place(self, place: Place) -> Verbatim:
        """A place in a file, without its key."""
        return self.lines(place.file, place.line)

    def within(self, text: str, file: str | None, first: int | None = None) -> Verbatim:
        """The sentence `text`, in which the lines of `file` that it names are a link."""
        name = "" if file is None else wording.plain(file)
        named = next((item for item in (f"{name}:{first}", name) if item and item in text), None)
        if file is None or named is None:
            return prose(text)
        start, _, end = text.partition(named)
        more = re.match(r"–(\d+)", end)
        last = int(more[1]) if more and named != name else None
        end = end[more.end() :] if more and named != name else end
        link = self.lines(file, first if named != name else None, last)
        return Verbatim(f"{prose(start) if start else ''}{link}{within_line_prose(end)}")

    def commit(self, commit: str) -> Verbatim:
        """The short id of a commit, linked to it."""
        url = self.site.repository_url
        shown = within_line(wording.short(commit))
        return Verbatim(f"[{shown}]({url}/commit/{commit})") if url and is_commit(commit) else shown

    def run(self) -> Verbatim | None:
        """The run that made this report."""
        return _linked("run", self.site.run_url) if self.site.run_url else None

    def documentation(self, text: str, page: str) -> Verbatim | None:
        """`text`, linked to a page of the documentation."""
        url = self.site.documentation_url
        return _linked(text, f"{url}/{page}") if url else None

    def _file_url(self, file: str, anchor: str) -> str | None:
        """The address of a file; none for a path that a browser would resolve to another."""
        url, head = self.site.repository_url, self.head
        if url is None or head is None or not is_commit(head) or file in self.missing:
            return None
        if any(part in ("", ".", "..") for part in re.split(r"[/\\]", file)):
            return None
        return f"{url}/blob/{head}/{quote(file.encode('utf-8', 'surrogateescape'))}{anchor}"


def _linked(text: str, url: str | None) -> Verbatim:
    shown = Verbatim(inert(cut(text)))
    return Verbatim(f"[{shown}]({url})") if url else shown
