"""What is new since a configuration was written, put into its text; nothing else is changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import Configuration, Guess, PromptReference
from reviewbot.configuration.text_edits import TextEdits
from reviewbot.discovery.basis import GUESSED, own_guesses
from reviewbot.discovery.calls import Proposed, written_path
from reviewbot.discovery.configuration_text import traffic_text, workflow_lines
from reviewbot.discovery.findings import Found, LeftOut
from reviewbot.discovery.ignored_globs import ignore
from reviewbot.discovery.measured_elsewhere import measured_elsewhere
from reviewbot.discovery.moves import Missing, missing_prompts, with_moved
from reviewbot.discovery.noted import noted_in
from reviewbot.discovery.taken_out import TakenOut
from reviewbot.documents.yaml_quoting import quoted
from reviewbot.errors import ConfigurationError, MeasurementError, Place, Problem, UsageError
from reviewbot.prompts.ignored import prompt_of
from reviewbot.prompts.meant_samples import moved_patterns
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.globs import Effort, TooMuchEffortError, select
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import read_text


class News(Struct, frozen=True, kw_only=True):
    """What a configuration lacks, and what it names that is not there any more.

    `text` is the file's. `beside` are prompts that belong to a workflow of the file, with its name:
    a person adds them. `wholes` are calls of which a workflow names a part. `still` are prompts in
    its comments that cannot be measured now either, and why. `ignored` are files and, as
    `path#selector`, prompts. `changed` are files of the head that the base has otherwise, `samples`
    new patterns by workflow and old one. `taken_out` are prompts that the file named earlier,
    `held` those of them that are found, `elsewhere` the workflows that name them otherwise.
    """

    configuration: Configuration
    ignored: frozenset[str]
    changed: frozenset[str] = frozenset()
    text: str = ""
    still: Mapping[str, str] = {}
    missing: tuple[Missing, ...] = ()
    samples: Mapping[str, Mapping[str, str]] = {}
    workflows: tuple[Proposed, ...] = ()
    unmeasured: Mapping[str, str] = {}
    left_out: tuple[LeftOut, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    wholes: tuple[tuple[str, str], ...] = ()
    taken_out: TakenOut = TakenOut()
    held: Mapping[str, str] = {}
    elsewhere: Mapping[tuple[str, str | None], str] = {}

    def is_new(self, proposed: Proposed) -> bool:
        """Whether no prompt of the call is covered, to be ignored, or was taken out."""
        return self._is_unknown(proposed) and not self.taken_out.of(proposed)

    def holding(self, proposed: Iterable[Proposed]) -> "News":
        """The news with the prompts of calls that were taken out of the file."""
        found = map(self.taken_out.of, filter(self._is_unknown, proposed))
        return replace(self, held={path: name for held in found for path, name in held.items()})

    def _is_unknown(self, proposed: Proposed) -> bool:
        return self.covering(proposed) is None and not any(map(self._is_ignored, proposed.prompts))

    def including(self, globs: Iterable[str]) -> "News":
        """The news in which globs, or `path#selector`, add what is ignored or was taken out."""
        effort = Effort()
        paths = sorted(self.ignored | self.taken_out.paths)
        wanted = {path for glob in globs for path in (glob, *select(paths, glob, effort))}
        left = self.taken_out.beside(wanted)
        return replace(self, ignored=self.ignored - wanted, taken_out=left)

    def covering(self, proposed: Proposed) -> str | None:
        """The workflow that sends a prompt of the call; None where no one does."""
        return next(filter(None, map(self._covering, proposed.prompts)), None)

    def with_missing(
        self, comparison: Comparison, parser: LimitedParser, proposed: Sequence[Proposed]
    ) -> "News":
        """The news with the prompts that are not where the file says, and their places now."""
        was, now = comparison.before_tree, comparison.after_tree
        readers = SourceReader(was, {}, parser), SourceReader(now, {}, parser)
        paths = {
            item.before: item.after for item in comparison.changes if item.before and item.after
        }
        configurations = _before(comparison, self.configuration.file), self.configuration
        missing = missing_prompts(configurations, readers, paths, proposed, self.changed)
        others = measured_elsewhere(with_moved(self.configuration, missing), readers[1], proposed)
        samples = moved_patterns(self.configuration, paths, now.paths)
        return replace(self, missing=missing, elsewhere=others, samples=samples)

    def with_workflows(
        self,
        proposed: Iterable[Proposed],
        unmeasured: Mapping[str, str],
        left_out: tuple[LeftOut, ...],
    ) -> "News":
        """The news with new workflows under names that the file does not have yet.

        Those that stand in its comments are new once they can be measured.
        """
        noted, still = noted_in(self.text), dict[str, str]()
        taken = set(self.configuration.workflows)
        renamed: list[Proposed] = []
        reasons: dict[str, str] = {}
        for item in proposed:
            paths = [written_path(found) or found.path for found in item.prompts]
            if item.name in unmeasured and noted.issuperset(paths):
                still[", ".join(paths)] = unmeasured[item.name]
                continue
            name, number = item.name, 2
            while name in taken:
                name, number = f"{item.name}-{number}", number + 1
            taken.add(name)
            renamed.append(replace(item, name=name))
            if item.name in unmeasured:
                reasons[name] = unmeasured[item.name]
        new = tuple(renamed)
        return replace(self, workflows=new, unmeasured=reasons, left_out=left_out, still=still)

    def beside_known(self, proposed: Sequence[Proposed]) -> "News":
        """The news with the prompts that stand beside some of a workflow of the file."""
        found = tuple(
            (written_path(prompt) or prompt.path, covering[0])
            for item in proposed
            if (covering := [name for p in item.prompts if (name := self._covering(p))])
            for prompt in item.prompts
            if not self._covering(prompt) and not self._is_ignored(prompt)
        )
        wholes = tuple(
            (f"{prompt.path}#{prompt.selector}" if prompt.selector else prompt.path, name)
            for item in proposed
            for prompt in item.prompts
            if not self._naming(prompt) and (name := self._naming_a_part(prompt))
        )
        return replace(self, beside=found, wholes=wholes)

    def _is_ignored(self, found: Found) -> bool:
        return not self.ignored.isdisjoint({found.path, f"{found.path}#{found.selector}"})

    def _covering(self, found: Found) -> str | None:
        return self._naming(found) or self._naming_a_part(found) or self._sending(found)

    def _sending(self, found: Found) -> str | None:
        """The workflow that sends the prompt by another name, or one of its texts by its own."""
        names = (self._naming(replace(found, selector=it, parts=())) for it in found.parts)
        return next(filter(None, names), self.elsewhere.get((found.path, found.selector)))

    def _naming(self, found: Found) -> str | None:
        """The workflow that sends the prompt, or the whole of which it is a part."""
        steps = (found.selector or "").split(".")
        above = {".".join(steps[:count]) for count in range(1, len(steps) + 1)} | {None}
        for workflow, item in self._named():
            if item.path == found.path and item.selector in above:
                return workflow
        return None

    def _naming_a_part(self, found: Found) -> str | None:
        """The workflow that names something which stands in the prompt."""
        within = "" if found.selector is None else f"{found.selector}."
        for workflow, item in self._named():
            if item.path == found.path and item.selector and item.selector.startswith(within):
                return workflow
        return None

    def _named(self) -> Iterator[tuple[str, PromptReference]]:
        """What workflows send, with the places now; nothing at a position that another text has."""
        moved = {(item.workflow, item.name): item for item in self.missing}
        for workflow in self.configuration.workflows.values():
            for item in workflow.prompts:
                there = moved.get((workflow.name, item.name))
                if there is None or not (there.new or there.displaced):
                    yield workflow.name, item
                elif there.new is not None:
                    yield workflow.name, there.new


def news_of(text: str, file: str, comparison: Comparison) -> News:
    """The configuration `text`, and which files it ignores.

    Raises:
        ConfigurationError: The configuration is wrong.

    """
    configuration = read_configuration(text, file=file)
    paths = sorted(comparison.after_tree.paths)
    ignored = set(filter(prompt_of, configuration.coverage.ignore))
    try:
        for pattern in configuration.coverage.ignore:
            ignored.update(select(paths, pattern, Effort()))
    except TooMuchEffortError:
        ignored.clear()
    changed = frozenset(item.after for item in comparison.changes if item.after is not None)
    return News(configuration=configuration, ignored=frozenset(ignored), changed=changed, text=text)


def _before(comparison: Comparison, file: str) -> Configuration | None:
    """The configuration of the tree as it was; None where there is none that can be read."""
    if comparison.before_tree.entry(file) is None:
        return None
    try:
        return read_configuration(read_text(comparison.before_tree, file), file=file)
    except (ConfigurationError, MeasurementError):
        return None


def updated(text: str, news: News, excluded: Sequence[str] = ()) -> str:
    """The text with the new workflows behind the others, and the places of moved prompts.

    What is `excluded` is ignored from now on.

    Raises:
        UsageError: The workflows stand in braces, or the text would not mean what it meant.

    """
    edits = TextEdits(text)
    for item in news.missing:
        if item.new is not None:
            place = ("workflows", item.workflow, "tools" if item.is_tools else "prompts")
            edits.rename(place, item.name, quoted(item.new.name), {"format": item.new.format})
    for name, patterns in news.samples.items():
        for old, new in patterns.items():
            edits.rename(("workflows", name, "samples"), old, quoted(new))
    if news.workflows:
        _add(edits, news)
    known = news.configuration.coverage.ignore
    ignore(edits, [glob for glob in excluded if glob not in known])
    changed = edits.text()
    if changed != text:
        _check(changed, news)
    return changed


def _add(edits: TextEdits, news: News) -> None:
    defaults = news.configuration.defaults
    lines: list[str] = []
    is_told = defaults.model is not None and Guess.MODEL not in defaults.assumed
    for one in news.workflows:
        item = replace(one, nearby=None) if is_told else one
        has_model = bool(defaults.model or item.model or item.has_default_price or item.nearby)
        guesses = sorted(
            {
                *([] if has_model else [Guess.MODEL]),
                *([] if defaults.traffic else [Guess.TRAFFIC]),
                *own_guesses(item),
            },
            key=[*Guess].index,
        )
        own = [
            *([] if has_model else [f"    model: {GUESSED.model}  # CHANGE"]),
            *([] if defaults.traffic else [f"    traffic: [{traffic_text(GUESSED)}]  # CHANGE"]),
        ]
        said = f"    assumed: [{', '.join(guesses)}]"
        measured, commented = workflow_lines([item], news.unmeasured, own)
        block = [line for line in (measured or commented) if not line.startswith("    assumed:")]
        lines += [*block, *([said] if guesses and measured else [])]
    try:
        edits.add_lines(("workflows",), lines)
    except LookupError as error:
        raise UsageError([_by_hand(news.configuration.file)]) from error


def _check(changed: str, news: News) -> None:
    """Refuse a text in which anything else than the new workflows has another meaning."""
    old = news.configuration
    try:
        new = read_configuration(changed, file=old.file)
    except ConfigurationError as error:
        raise UsageError([_by_hand(old.file)]) from error
    measured = {item.name for item in news.workflows if item.name not in news.unmeasured}
    moved = {(item.workflow, item.name): item.new.name for item in news.missing if item.new}
    are_same = all(
        [item.name for item in new.workflows[name].prompts]
        == [moved.get((name, item.name), item.name) for item in workflow.prompts]
        for name, workflow in old.workflows.items()
        if name in new.workflows
    )
    if set(new.workflows) != {*old.workflows, *measured} or not are_same:
        raise UsageError([_by_hand(old.file)])


def _by_hand(file: str) -> Problem:
    return Problem(
        what="no workflow can be put behind the others: they stand in braces",
        mend="write each in lines of its own, or print a new file: `reviewbot init --output -`",
        place=Place(file=file, key="workflows"),
    )
