"""What a change concerns: workflows with their states, and prompts that none of them covers."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from reviewbot.configuration.settings import Workflow
from reviewbot.errors import Place, Problem
from reviewbot.prompt import Sample
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.prompts.sources import Source
from reviewbot.scope.not_covered import LedToCall, NewPrompt, Uncovered, Unsearched


class State(StrEnum):
    """What happened to a workflow between before and after."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"


class Side(Struct, frozen=True, kw_only=True):
    """A workflow at one revision: what its call is made of, and the encoding it configures."""

    source: Source
    encoding: str | None
    reader: SourceReader


class Terms(Struct, frozen=True, kw_only=True):
    """What a workflow is judged or forecast by: its settings, and the samples they stand for."""

    workflow: Workflow
    samples: tuple[Sample, ...]


class Affected(Struct, frozen=True, kw_only=True):
    """A workflow that the change concerns.

    `governing` are the base's terms, or for a new workflow the proposed ones under the base's
    default envelope. `proposed` are the head's, or for a removed workflow the governing ones.
    `problems` say why *after* cannot be measured, `before_problems` why *before* cannot.
    `orphaned` are files that the workflow, or its being removed, leaves behind, with the ids of
    what stands in them.
    `deleted` are the prompts of a workflow that the change deletes, all of them, or their files
    where these are gone, while the configuration still names them: the workflow is removed, and the
    configuration has to follow.
    `moved` are prompts whose texts stand under another name now, while the configuration has the
    old one: old, new.
    `displaced` are included files that others of the same name now stand in for: old, new.
    `may_include` are changed files that a template may include by a name that it computes.
    `gained_tags` are prompts that are read as text and have gained tags of a template language.
    `supplied` are the governing samples with what the head's have beside, for templates that need
    it. `brings_samples` says that the base has none, so that the head's govern.
    `widened` are prompts that are replaced by one of which they are a part, which the change leaves
    as it is: old, new. `succeeded_by` is the new workflow that has all of a removed one, of which
    something was a guess. It `may_call_another` model where what says so in code or settings
    changes too: then the configuration corrects no guess of one.
    """

    name: str
    state: State
    settings: Workflow
    prompts_changed: bool
    files: tuple[str, ...]
    governing: Terms
    proposed: Terms
    before: Side | None = None
    after: Side | None = None
    before_problems: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    orphaned: Mapping[str, str] = {}
    deleted: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    displaced: tuple[tuple[str, str], ...] = ()
    may_include: tuple[str, ...] = ()
    gained_tags: tuple[Place, ...] = ()
    supplied: tuple[Sample, ...] = ()
    brings_samples: bool = False
    widened: Mapping[str, str] = {}
    succeeded_by: str | None = None
    may_call_another: bool = False


def only_widens(affected: Affected) -> bool:
    """Whether nothing of a workflow's calls changes but that wholes are named for their parts."""
    was, now = affected.governing.workflow, affected.settings
    old, new = ({item.name for item in workflow.prompts} for workflow in (was, now))
    widened = affected.widened
    is_all = new == (old - widened.keys()) | set(widened.values())
    is_same = all(getattr(was, key) == getattr(now, key) for key in _COUNTED_BY)
    return bool(widened) and is_all and is_same and not affected.files and not affected.orphaned


_COUNTED_BY = ("model", "encoding", "counts_as", "max_tokens", "templates")
"""What a call is counted and priced by, beside its files."""


def has_templates(affected: Affected) -> bool:
    """Whether any message of a workflow has to be rendered."""
    sides = (side for side in (affected.before, affected.after) if side is not None)
    messages = (message for side in sides for message in side.source.messages)
    return any(message.template.engine is not None for message in messages)


class Asked(StrEnum):
    """What a call asks for beside its texts; or how much of other texts fills these."""

    MODEL = "model"
    CAP = "cap"
    SETTING = "setting"
    CALLS = "calls"
    TEXTS = "texts"


CHARACTERS_OF_A_TOKEN = 4
"""About, in English and in code."""


class Resent(Struct, frozen=True, kw_only=True):
    """A prompt of a workflow that code sends otherwise since the change, at a line of a file.

    `name` is sent in the `form` that is told; without a name it is a call that sends something
    else, of which `selector` is the name, where the source tells it. `content` is what stands in
    the file, where that tells more than the form.
    Text beside it that has grown has so many `more` characters: that `of` a name, or what a
    function adds which it goes `through`.
    With a `key` the form is what the call asks for under it, of some `kind`, and `was` what it was,
    None where it was nothing, or several things. `models` and `caps` are those of the `workflows`,
    which all `are_new` with the change or not; `guessed` are models that the base guesses of them.
    `is_through` says that another file sends it, by what stands at the line, and `is_beside` that
    nobody knows if what stands there sends it; `mend` what to do.
    `unread` is why this one file, and no other, could not be read. `usd_per_month` is what the
    `more` characters cost, in USD, where all workflows have a price.
    """

    path: str
    line: int
    name: str = ""
    form: str = ""
    content: str = ""
    selector: str = ""
    more: int = 0
    of: str = ""
    through: str = ""
    key: str = ""
    kind: Asked | None = None
    was: str | None = None
    models: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    caps: tuple[int, ...] = ()
    workflows: tuple[str, ...] = ()
    are_new: bool = False
    is_through: bool = False
    is_beside: bool = False
    mend: str = ""
    unread: str = ""
    usd_per_month: Decimal | None = None


class ModelSwap(Struct, frozen=True, kw_only=True):
    """A model or an output cap that source code names otherwise since the change.

    It stands at `line`, in a statement from `first_line` to `last_line`, under a `key`. `now` is
    None where only the running program knows it; `said` is what stands there. `was` is empty where
    a cap is new. `workflows` are those whose prompts the calls read from files and send. One that
    `is_setting` stands in a file of settings, and concerns the workflows that are priced by it.
    `within` are the classes and functions around it; it `has_text` where these hold a prompt.
    `priced` are workflows whose prompts stand beside a model, and whose figures have it.
    """

    path: str
    line: int
    first_line: int
    last_line: int
    key: str
    was: str
    now: str | None
    said: str
    is_cap: bool
    workflows: tuple[str, ...] = ()
    is_setting: bool = False
    within: tuple[str, ...] = ()
    has_text: bool = False
    priced: tuple[str, ...] = ()


class CodeModels(Struct, frozen=True, kw_only=True):
    """The models that code calls with the prompt files of a workflow, each with its line.

    `was` are those before the change, `now` those after it, in the file at `path`.
    """

    path: str
    was: Mapping[str, int]
    now: Mapping[str, int]


class CalledElsewhere(Struct, frozen=True, kw_only=True):
    """By workflow the models that calls in other files name now, and calls that compute one."""

    models: Mapping[str, Sequence[CodeModels]] = {}
    resent: tuple[Resent, ...] = ()


class ModelSwaps(Struct, frozen=True, kw_only=True):
    """All swaps of a change, and by workflow what its calls name where that changed.

    `calls` are where those send a workflow's prompt file; `unseen` files were not compared.
    `may_name` says that changed lines of source code may name a model.
    """

    calls: AbstractSet[Place] = frozenset()
    swaps: tuple[ModelSwap, ...] = ()
    models: Mapping[str, Sequence[CodeModels]] = {}
    unseen: tuple[Unsearched, ...] = ()
    may_name: bool = False


class FoundPrompts(Struct, frozen=True, kw_only=True):
    """The new and grown prompts of changed source files, and the files that were not searched.

    `uncovered` is the number of all prompts there that no workflow covers, the old ones too.
    `uncovered_calls` are the places of calls that send no prompt of a workflow, of all `calls`;
    `changed_calls` are those of them in statements that changed, `covered_calls` those of the other
    calls, `resent` those that did send one before.
    """

    new: tuple[NewPrompt, ...] = ()
    unsearched: tuple[Unsearched, ...] = ()
    uncovered: int = 0
    uncovered_calls: tuple[Place, ...] = ()
    changed_calls: tuple[Place, ...] = ()
    covered_calls: tuple[Place, ...] = ()
    calls: int = 0
    resent: tuple[Resent, ...] = ()


class MovedText(Struct, frozen=True, kw_only=True):
    """Text of a workflow that stands where none sends it any more: about how many words.

    `content` is the id of what stands in the file. `kept` are workflows whose templates have the
    text still, with its runs of words: it has moved if renderings show them no more.
    """

    path: str
    words: int
    content: str
    kept: Mapping[str, AbstractSet[tuple[str, ...]]] = {}


class Namesake(Struct, frozen=True, kw_only=True):
    """A new file that some file systems take for `other`, which a workflow is made of.

    `content` is the id of what stands in it.
    """

    path: str
    other: str
    content: str


class Scope(Struct, frozen=True, kw_only=True):
    """All workflows: those that the change concerns, and those that only budgets ask for.

    `uncovered_contents` are the ids of changed prompts that no workflow covers, `moved` is text of
    workflows that stands in them, or in other files. `files_not_compared` are changed files, beyond
    the bounds, in which it was not looked for. `namesakes` are new files called like a workflow's,
    `conflicts` new marks of merge conflicts, `resent` are prompts that code sends otherwise,
    `swaps` what code names otherwise, `unseen` files beyond the bounds of both. `led` leads to a
    call of a model, which no workflow is known to count.
    """

    affected: tuple[Affected, ...]
    unaffected: tuple[Affected, ...]
    unowned: tuple[Uncovered, ...]
    moved: tuple[MovedText, ...] = ()
    files_not_compared: int = 0
    uncovered_contents: tuple[str, ...] = ()
    conflicts: tuple[Place, ...] = ()
    namesakes: tuple[Namesake, ...] = ()
    resent: tuple[Resent, ...] = ()
    swaps: ModelSwaps = ModelSwaps()
    unseen: tuple[Unsearched, ...] = ()
    led: tuple[LedToCall, ...] = ()
