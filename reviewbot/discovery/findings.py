"""What a search of a repository gives: prompts, files of tools, and what was left out."""

from msgspec import Struct

from reviewbot.errors import Place


class Found(Struct, frozen=True, kw_only=True):
    """A prompt: a file, or what `selector` means in it, and the format to read it with.

    `role` is the role that it should be given, as far as its name tells. `name` holds words for
    what it is for; `group` is where others stand that may be of the same call. `is_guess` says that
    its placeholders alone show the format. `parts` are the selectors of texts that it consists of.
    """

    path: str
    selector: str | None
    format: str
    role: str | None
    name: tuple[str, ...]
    group: str
    position: int | None = None
    is_guess: bool = False
    text: str = ""
    parts: tuple[str, ...] = ()


class LeftOut(Struct, frozen=True, kw_only=True):
    """A file, or an entry of one, that is not proposed, and why.

    `texts` is how many texts that are; 0 where the file was not searched.
    """

    what: str
    why: str
    texts: int = 1

    @property
    def reason(self) -> str:
        """Why, without the path that stands before it; a line stays."""
        path = f"{self.what.partition('#')[0]}:"
        if not self.why.startswith(path):
            return self.why
        said = self.why.removeprefix(path)
        line, colon, rest = said.partition(": ")
        return f"line {line}: {rest}" if colon and line.isdecimal() else said.strip()


class Findings(Struct, frozen=True, kw_only=True):
    """The prompts, the files of tool definitions, and what was left out."""

    prompts: tuple[Found, ...]
    tools: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


class Nearby(Struct, frozen=True, kw_only=True):
    """The model to assume for a prompt that none names, and the place that names it.

    One that `is_usual` is named nowhere: the file at the place imports its provider's library. One
    that `is_sent` is named, or is what code falls back to, where code sends the prompt or names its
    file. One that `is_setting` stands in a file that code reads.
    """

    model: str
    place: Place
    is_usual: bool = False
    is_sent: bool = False
    is_setting: bool = False

    @property
    def why(self) -> str:
        """Where it comes from, in words."""
        if self.is_usual:
            return f"{self.model} is assumed, since {self.place} imports its provider's library"
        how = _HOW[self.is_sent, self.is_setting]
        return f"a model is named at {self.place} ({self.model}), {how}"


_HOW = {
    (True, False): "where the prompt is sent",
    (False, True): "in settings that code reads",
    (False, False): "not connected to the prompt",
}
