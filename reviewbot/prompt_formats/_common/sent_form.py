"""A form in which source code sends a text that has a name."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct, convert

from reviewbot.prompt import PromptText
from reviewbot.prompt_formats._common.selected_prompts import name_of


class SentForm(Struct, frozen=True, kw_only=True):
    """A name that is sent otherwise than as it stands, in the `form` that is told.

    `steps` are the name with the blocks around it; `is_own` says that the file sets it. With a
    `key` it is what the request is asked for that sends it, as code says it.
    """

    steps: tuple[str, ...]
    key: str
    form: str
    line: int
    is_own: bool


class Carrier(Struct, frozen=True):
    """A name of another file that holds a text, or a function that gives one.

    It is a member of one of the `classes`, of an object or of a module of these names; of one that
    is none these are the last words of its module. What is `of_object` is a member of an object
    that the file itself makes or is given, which no parser follows.
    """

    name: str
    is_member: bool
    classes: tuple[str, ...]
    of_object: bool


class Filled(Struct, frozen=True, kw_only=True):
    """How much is taken of what fills a text: the words of each number with it, as far as known.

    `flows` are the names of what does.
    """

    bounds: tuple[tuple[str, str], ...] = ()
    flows: frozenset[str] = frozenset()


class SentText(Struct, frozen=True, kw_only=True):
    """A place where a text is sent: one that has a name, or with no `steps` something else.

    `beside` are texts of other files that are sent with it, `characters` those of this file,
    `carriers` what of other files holds such, or gives it.
    It is `filled` with parts of other things. What is not `is_sent` leaves its function.
    `module` is what the name is imported from; the place is `within` the block of that path, and
    the texts `around` have all of it.
    """

    steps: tuple[str, ...]
    beside: frozenset[str]
    carriers: tuple[Carrier, ...]
    characters: int
    line: int
    within: tuple[str, ...]
    around: frozenset[tuple[str, ...]]
    is_own: bool
    is_call: bool
    module: str
    filled: Filled = Filled()
    is_sent: bool = True

    @property
    def key(self) -> str:
        """What it asks for: nothing."""
        return ""


class SentCall(Struct, frozen=True, kw_only=True):
    """A call of a model that sends a text of a name, and what the loops around it run over.

    It may be one of a function of the file, which the text is sent `by`. It stands
    `within` the block of that path. What is asked for there may cap answers: it `is_capped`.
    """

    steps: tuple[str, ...]
    line: int
    loops: tuple[str, ...]
    is_own: bool
    by: str = ""
    within: tuple[str, ...] = ()
    is_capped: bool = False

    @property
    def key(self) -> str:
        """What it asks for: nothing."""
        return ""


class GivenFunction(Struct, frozen=True, kw_only=True):
    """A function that `texts` are given to, for the arguments at certain `places`.

    It is a method of one of the `classes`, or of modules, if these are known; if it is none, they
    are the last word of the module that it is imported from. It `is_settled` where these are no
    mere types.
    """

    name: str
    is_method: bool
    classes: tuple[str, ...]
    is_settled: bool
    places: tuple[int | str, ...]
    texts: tuple[tuple[str, ...], ...]


class SentForms(Struct, frozen=True):
    """What one source file sends, and in which forms.

    `called` are the functions that its texts are given, `uses` the imported names that say how they
    are sent, each with what is told of it; those in `asked` say what is asked for, each with the
    key; what those in `defined` ask for is measured, but for what another file defines. Names of
    attributes have the classes of their objects in `holders`. `aliases` are its own names and
    functions that stand for a text, `senders` the functions that send one, methods with their
    class, `answering` those that give nothing of it back, `constants` what source code says of its
    other names, `definitions` how long those of tools and schemas are described, `numbers` all that
    stand behind a name, `weights` the characters that each of the carriers holds which are asked
    for, `behind` what of further files each holds.
    """

    forms: tuple[SentForm, ...] = ()
    texts: tuple[SentText, ...] = ()
    calls: tuple[SentCall, ...] = ()
    called: tuple[GivenFunction, ...] = ()
    uses: Mapping[str, str] = {}
    asked: Mapping[str, str] = {}
    defined: Mapping[str, str] = {}
    holders: Mapping[str, Sequence[str]] = {}
    aliases: frozenset[str] = frozenset()
    senders: tuple[str, ...] = ()
    answering: tuple[str, ...] = ()
    constants: Mapping[str, Sequence[str]] = {}
    definitions: Mapping[str, str] = {}
    numbers: Mapping[str, Sequence[str]] = {}
    weights: tuple[int, ...] = ()
    behind: tuple[tuple[Carrier, ...], ...] = ()
    filled: tuple[Filled, ...] = ()


Parser = Callable[[PromptText], tuple[str, PromptText]]
"""Gives the parser that tells the forms of a file, and the text for it."""


Functions = Sequence[Mapping[str, Any]]
"""Functions of a file: the `name`, whether each `is_method` of `classes`, or what `is_made` of
these, and the `places` of its arguments; without these it is one of another file that is called,
and a method if it is of `classes`; it `is_sole` if the project has no other of its name. One that
`answers` gives nothing of what it sends. What says whether it `is_member` is a carrier, and
`is_module` whether that may be one of the file."""


def sent_forms(
    parser: Parser, file: PromptText, names: Sequence[str], functions: Functions = ()
) -> SentForms:
    """What a source file sends of texts with these names, and of what `functions` are given.

    Raises:
        MeasurementError: It cannot be read, or exceeds the limits.
    """
    name, source = parser(file)
    given = json.dumps({"names": names, "functions": functions, "source": source.text})
    found: list[dict[str, Any]] = source.surroundings.parse(name, given, source.path)
    links = found[-1]
    carriers = convert(links["carriers"], list[Carrier])
    forms, texts, calls = [], [], []
    for item in found[:-1]:
        steps = tuple(item["steps"])
        if "form" in item:
            forms.append(SentForm(**item | {"steps": steps}))
        elif "loops" in item:
            calls.append(convert(item, SentCall))
        else:
            more = {"beside": frozenset(item["beside"]), "within": tuple(item["within"])}
            more["around"] = frozenset(map(tuple, item["around"]))
            more["carriers"] = tuple(carriers[place] for place in item["carriers"])
            more["filled"] = convert(item["filled"], Filled)
            texts.append(SentText(**item | more | {"steps": steps}))
    return SentForms(
        forms=tuple(forms),
        texts=tuple(texts),
        calls=tuple(calls),
        called=tuple(convert(item, GivenFunction) for item in links["called"]),
        uses=links["uses"],
        asked=links["asked"],
        defined=links["defined"],
        holders=links["holders"],
        aliases=frozenset((*links["aliases"], *links["getters"])),
        senders=tuple(links["senders"]),
        answering=tuple(links["answering"]),
        constants=links["constants"],
        definitions=links["definitions"],
        numbers=links["numbers"],
        weights=tuple(links["weights"]),
        filled=convert(links["filled"], tuple[Filled, ...]),
        behind=convert(links["behind"], tuple[tuple[Carrier, ...], ...]),
    )


def plain_name(selector: str) -> tuple[str, ...]:
    """A selector's steps, without `self` and the numbers of names that are set several times."""
    file = PromptText(path="", text="", selector=selector)
    steps = [step.partition("@")[0] for step in name_of(file).replace('"', "").split(".")]
    for own in ("self", "cls", "this"):
        if own in steps[1:]:
            at = steps.index(own, 1)
            steps = [*steps[: at - 1], *steps[at + 1 :]]
    return tuple(steps)
