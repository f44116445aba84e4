"""The samples of a workflow as they stand at one revision."""

import posixpath
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from reviewbot.allowance import Allowance
from reviewbot.configuration.meant_names import several_paths
from reviewbot.configuration.reading import read_sample
from reviewbot.configuration.settings import SamplePattern, Workflow
from reviewbot.documents import parse_json, parse_yaml
from reviewbot.errors import ConfigurationError, MeasurementError, Place, Problem
from reviewbot.prompt import Sample
from reviewbot.prompts.includes import TextReader
from reviewbot.prompts.meant_samples import moved_pattern, near_pattern
from reviewbot.repository.globs import STEPS_LIMIT, Effort, TooMuchEffortError, select
from reviewbot.repository.ignore_rules import FORCED, ignoring_line

_SHOWN_FILES = 3
_SAMPLE_ENDINGS = (".yaml", ".yml", ".json")


class SampleReader:
    """Reads sample files; readers that are given the same `known` share equal ones.

    They are equal by path and content.
    """

    def __init__(
        self, texts: TextReader, known: dict[tuple[str, str], Sample], allowance: Allowance
    ) -> None:
        self._allowance = allowance
        self._texts = texts
        self._known = known
        self._paths: list[str] | None = None
        self._matched: dict[str, list[str]] = {}
        self._read: dict[tuple[str, ...], tuple[tuple[Sample, ...], Mapping[str, str]]] = {}
        self._effort = Effort()

    def read(self, workflow: Workflow) -> tuple[tuple[Sample, ...], Mapping[str, str]]:
        """The samples that the configuration gives, and the files they come from with their ids.

        Raises:
            MeasurementError: A pattern matches nothing, or a file is wrong; with every problem.
                Or the review's allowance is used up.

        """
        patterns = tuple(it.pattern for it in workflow.samples if isinstance(it, SamplePattern))
        is_shared = len(patterns) == len(workflow.samples)  # most workflows have the same
        if is_shared and patterns in self._read:
            return self._read[patterns]
        problems = self.unmatched(workflow)
        samples: list[Sample] = []
        files: dict[str, str] = {}
        origins: list[tuple[str, str | None]] = []
        for item in workflow.samples:
            if isinstance(item, Sample):
                samples.append(item)
                origins.append((item.name, None))
                continue
            self._texts.fetch(self._matching(item))
            for path in self._matching(item):
                self._allowance.check()
                try:
                    samples.append(self._sample(path))
                    origins.append((samples[-1].name, path))
                except MeasurementError as error:
                    problems += _of_no_sample(item, path, workflow) or error.problems
                files[path] = self._texts.object_id(path)
        problems += _of_one_name(workflow, origins)
        if problems:
            raise MeasurementError(problems)
        if is_shared:
            self._read[patterns] = tuple(samples), files
        return tuple(samples), files

    def file_of(self, sample: Sample) -> str | None:
        """The file that a sample was read from, or one of its name; None where none or several."""
        of_name = {key: known for key, known in self._known.items() if known.name == sample.name}
        same = {path for (path, _), known in of_name.items() if known is sample}
        files = same or {path for path, _ in of_name}
        return files.pop() if len(files) == 1 else None

    def has(self, sample: Sample) -> bool:
        """Whether one of these files, as it stands here, says just that."""
        return any(
            known == sample
            for (path, object_id), known in self._known.items()
            if (entry := self._texts.tree.entry(path)) and entry.object_id == object_id
        )

    def unmatched(
        self, workflow: Workflow, moved: Mapping[str, str] | None = None
    ) -> list[Problem]:
        """A problem for each sample pattern of `workflow` that no file matches.

        `moved` are the new names of files that the change moves, by their old ones.
        """
        return [
            self._unmatched(item, moved or {}, workflow)
            for item in workflow.samples
            if isinstance(item, SamplePattern) and not self._matching(item)
        ]

    def _unmatched(
        self, item: SamplePattern, moved: Mapping[str, str], workflow: Workflow
    ) -> Problem:
        tree = self._texts.tree
        if tree.obstacle(item.pattern) is not None:
            reason = tree.read([item.pattern])[item.pattern]
            assert isinstance(reason, Problem)
            what = f"{item.pattern!r}: {reason.what}"
            return Problem(what=what, mend=reason.mend, place=item.place)
        if any(path.startswith(f"{item.pattern}/") for path in tree.paths):
            return Problem(
                what=f"{item.pattern!r} is a folder",
                mend=_files_of(item.pattern, tree.paths),
                place=item.place,
            )
        if self._would_match(item, tree.uncommitted):
            lack = "staged" if tree.is_staged else "committed"
            mend = "`git add` them"
            if not tree.is_staged:
                mend = "`git add` and commit them, or add `--worktree`"
            return Problem(
                what=f"files match {item.pattern!r}, but none is {lack}",
                mend=mend,
                place=item.place,
            )
        if line := ignoring_line(tree, item.pattern):
            what = f"no file matches {item.pattern!r}: {line} keeps git from adding one"
            return Problem(what=what, mend=FORCED, place=item.place)
        what = f"no file matches {item.pattern!r}"
        key = item.place.key if item.place else None
        if several := several_paths(item.pattern, key or ""):
            what, mend = f"{what}; {several[0]}", several[1]
        else:
            patterns = [it for it in workflow.samples if isinstance(it, SamplePattern)]
            listed = {path for it in patterns for path in self._matching(it)}
            mend = _mend(item.pattern, moved, tree.paths, listed)
        return Problem(what=what, mend=mend, place=item.place)

    def _matching(self, pattern: SamplePattern) -> list[str]:
        if self._paths is None:
            self._paths = sorted(self._texts.tree.paths)
        if pattern.pattern not in self._matched:
            try:
                self._matched[pattern.pattern] = select(self._paths, pattern.pattern, self._effort)
            except TooMuchEffortError:
                raise ConfigurationError([_too_many_patterns(pattern)]) from None
        return self._matched[pattern.pattern]

    def _would_match(self, pattern: SamplePattern, paths: Iterable[str]) -> bool:
        try:
            return bool(select(sorted(paths), pattern.pattern, self._effort))
        except TooMuchEffortError:
            return False

    def _sample(self, path: str) -> Sample:
        key = (path, self._texts.object_id(path))
        if key not in self._known:
            ending = posixpath.splitext(path)[1].lower()
            if ending in _NO_SAMPLES:
                what = f"samples are YAML or JSON files, not {ending}"
                mend = "write each as a file such as `name: Ann`, or name other files"
                raise MeasurementError([Problem(what=what, mend=mend, place=Place(file=path))])
            parse = parse_json if path.endswith(".json") else parse_yaml
            stem = posixpath.basename(path).rpartition(".")[0] or path
            self._known[key] = read_sample(
                parse(self._texts.text(path), file=path), file=path, name=stem
            )
        return self._known[key]


def _mend(
    pattern: str, moved: Mapping[str, str], paths: Iterable[str], listed: Container[str]
) -> str:
    """What to write in place of a pattern that no file matches, or what to add.

    `listed` are the files that the workflow's other patterns take.
    """
    known = [*paths]
    folder = posixpath.dirname(pattern.partition("*")[0])
    there = sorted(path for path in known if posixpath.dirname(path) == folder)
    samples = [path for path in there if path.endswith(_SAMPLE_ENDINGS)]
    named = ", ".join((samples or there)[:_SHOWN_FILES])
    add = "correct the pattern, or add the samples"
    if new := moved_pattern(pattern, moved, known):
        return f"they were moved: name {new!r}, as `reviewbot init --update` does"
    others = [path for path in samples if path not in listed]
    if samples and not others:
        return f"take it out, or add the file: what is there, {named}, is listed already"
    if written := _of_files(others, is_one="*" not in pattern):
        named = ", ".join(others[:_SHOWN_FILES])
        return f"write {written!r}: there is {named}"
    if there:
        return f"{add}: YAML or JSON files; there is {named}"
    if near := near_pattern(pattern, known):
        return f"did you mean {near!r}?"
    return f"{add}; there is no folder {folder!r}" if folder else add


def _of_files(paths: Sequence[str], *, is_one: bool = False) -> str | None:
    """A pattern that takes sample files of one folder, or the only one; None where there are none.

    Of files of several kinds it takes the kind of the first.
    """
    if not paths or (is_one and len(paths) == 1):
        return paths[0] if paths else None
    first = min(paths)
    return posixpath.join(posixpath.dirname(first), f"*{posixpath.splitext(first)[1]}")


def _files_of(folder: str, paths: Iterable[str]) -> str:
    """The mend of a folder in place of a pattern: the pattern of the samples that are in it."""
    inside = [path for path in paths if path.startswith(f"{folder}/")]
    samples = [path for path in inside if path.endswith(_SAMPLE_ENDINGS)]
    if direct := _of_files([path for path in samples if posixpath.dirname(path) == folder]):
        return f"name the files in it: `{direct}`"
    if samples:
        return f"name the files in it: `{folder}/**/*{posixpath.splitext(min(samples))[1]}`"
    return f"put samples into it, as {folder}/typical.yaml, and name them: `{folder}/*.yaml`"


def _of_no_sample(pattern: SamplePattern, path: str, workflow: Workflow) -> tuple[Problem, ...]:
    """The problem of a pattern that takes a prompt or the tools of its own workflow; else none."""
    kinds = {"prompts": workflow.prompts, "tools": workflow.tools}
    for kind, references in kinds.items():
        if any(item.path == path for item in references):
            what = f"the pattern {pattern.pattern!r} takes {path}, which is no sample: "
            mend = "name the samples' files or their own folder, such as samples/*.yaml"
            what += f"the workflow's `{kind}` name it"
            return (Problem(what=what, mend=mend, place=pattern.place),)
    return ()


_NO_SAMPLES = (".csv", ".jsonl", ".md", ".py", ".toml", ".tsv", ".xml")


def _too_many_patterns(pattern: SamplePattern) -> Problem:
    return Problem(
        what=f"up to {pattern.pattern!r} the sample patterns take more than {STEPS_LIMIT:,} steps",
        mend="begin patterns with a folder, and use `**` once",
        place=pattern.place,
    )


def _of_one_name(
    workflow: Workflow, origins: Iterable[tuple[str, str | None]]
) -> Iterator[Problem]:
    """A problem for each name of several samples, with their files; None is the configuration."""
    by_name: dict[str, list[str]] = {}
    for name, path in origins:
        by_name.setdefault(name, []).append(path or "one in the configuration")
    for name, places in by_name.items():
        if len(places) > 1:
            where = ", ".join(places[:_SHOWN_FILES])
            left = len(places) - _SHOWN_FILES
            more = f" and {left:,} more" if left > 0 else ""
            yield Problem(
                what=f"two samples of {workflow.name!r} are called {name!r}: {where}{more}",
                mend="give each its own `name`, or take one out",
                place=workflow.place,
            )
