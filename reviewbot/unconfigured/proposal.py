"""The workflows that `init` would propose for a repository, each of them measured."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.allowance import Allowance
from reviewbot.discovery.calls import Proposed, propose, written_path
from reviewbot.discovery.candidates import parts_of_plugins
from reviewbot.discovery.configuration_text import fitting
from reviewbot.discovery.developer_files import globs_of, marked, matching
from reviewbot.discovery.findings import Findings, LeftOut
from reviewbot.discovery.left_out import summed_up
from reviewbot.discovery.named_nearby import with_nearby
from reviewbot.discovery.search import find
from reviewbot.discovery.tables import without_parts
from reviewbot.errors import MeasurementError, Problem, UsageError
from reviewbot.local_cache import NO_CACHE, Cache
from reviewbot.outputs.wording import plain
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.globs import Effort, TooMuchEffortError, select
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree
from reviewbot.review import review
from reviewbot.unconfigured.comparisons import only_head
from reviewbot.unconfigured.trials import tried

SEARCH_SECONDS = 60.0
"""For all texts of a repository that are slow to parse."""


class Choice(Struct, frozen=True, kw_only=True):
    """What a person wants to be proposed, by globs, or `path#selector`.

    Instructions of coding agents are proposed where they are included, or all of them
    `with_developers`. The paths of files that are `ignored` are excluded already.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    with_developers: bool = True
    ignored: frozenset[str] = frozenset()


EVERYTHING = Choice()


class Proposal(Struct, frozen=True, kw_only=True):
    """The workflows that were found, why some cannot be measured, and what was left out.

    `apart` are those of developers' agents that nobody asked for; `ignored` are globs of these and
    of all that a person excluded. `is_unfinished`: the time was over before all was read.
    """

    findings: Findings
    workflows: tuple[Proposed, ...]
    problems: Mapping[str, Problem]
    left_out: tuple[LeftOut, ...]
    known: tuple[Proposed, ...] = ()
    apart: tuple[Proposed, ...] = ()
    ignored: tuple[str, ...] = ()
    is_unfinished: bool = False

    @property
    def unmeasured(self) -> Mapping[str, str]:
        """Why some cannot be measured, in words, by their names."""
        return {name: str(problem) for name, problem in self.problems.items()}


def propose_workflows(
    comparison: Comparison,
    file: str,
    *,
    today: date,
    parser: LimitedParser,
    only_new: Callable[[Sequence[Proposed]], Sequence[Proposed]] = lambda found: found,
    choice: Choice = EVERYTHING,
) -> Proposal:
    """The workflows of the head, if any, each measured so that `check` accepts them.

    `only_new` gives those that are to be measured; `known` are the others. Files that the choice
    excludes are not read.

    Raises:
        UsageError: A glob of the choice names no prompt.
    """
    tree = comparison.after_tree
    without = _excluded_files(tree, choice)
    findings = find(tree, parser, without | choice.ignored)
    _refuse_unused(findings, choice, without)
    excluded = matching(findings.prompts, choice.exclude)
    kept = [item for item in findings.prompts if (item.path, item.selector) not in excluded]
    findings = replace(findings, prompts=tuple(kept))
    found, unread = propose(findings, comparison.after_tree, parser)
    found = marked(found, parts_of_plugins(tree.paths))
    found = with_nearby(found, tree, parser.allowance)
    found, apart = _chosen(found, choice)
    whole, parts = without_parts(found)
    left_out = (*findings.left_out, *unread, *parts)
    names = {item.name for item in whole}
    new = [item for item in only_new(found) if item.name in names]
    fits = fitting(new)
    if over := len(new) - len(fits):
        why = "one configuration cannot hold so many"
        left_out = (*left_out, LeftOut(what=f"{over:,} workflows", why=why))
    measure = partial(review, configuration_file=file, today=today, parser=parser)
    done = tried(only_head(comparison, file), file, fits, measure)
    empty = [item for item in done.workflows if item.name in done.empty]
    named = [written_path(item.prompts[0]) or item.prompts[0].path for item in empty]
    left_out = (*left_out, *(LeftOut(what=what, why=_EMPTY) for what in named))
    return Proposal(
        findings=findings,
        workflows=tuple(item for item in done.workflows if item.name not in done.empty),
        problems=done.problems,
        left_out=left_out,
        known=tuple(item for item in found if item not in new),
        apart=apart,
        ignored=(*_globs(apart, found), *choice.exclude),
        is_unfinished=parser.allowance.is_used_up,
    )


_EMPTY = "no text of it is known: only the running program puts it together"


def _chosen(
    found: tuple[Proposed, ...], choice: Choice
) -> tuple[tuple[Proposed, ...], tuple[Proposed, ...]]:
    """What is proposed, and what stays apart."""
    if choice.with_developers:
        return found, ()
    included = matching([it for item in found for it in item.prompts], choice.include)
    apart = [
        item
        for item in found
        if item.is_developers and not any((it.path, it.selector) in included for it in item.prompts)
    ]
    return tuple(item for item in found if item not in apart), tuple(apart)


def _globs(apart: Sequence[Proposed], found: Sequence[Proposed]) -> tuple[str, ...]:
    kept = {prompt.path for item in found for prompt in item.prompts}
    return globs_of((prompt.path for item in apart for prompt in item.prompts), kept)


def _excluded_files(tree: Tree, choice: Choice) -> frozenset[str]:
    paths, effort = sorted(tree.paths), Effort()
    try:
        found = (select(paths, glob, effort) for glob in choice.exclude if "#" not in glob)
        return frozenset().union(*found)
    except TooMuchEffortError:
        raise UsageError([_TOO_LONG]) from None


def _refuse_unused(findings: Findings, choice: Choice, without: Collection[str]) -> None:
    try:
        problems = [*_unused(findings, choice, sorted(without))]
    except TooMuchEffortError:
        problems = [_TOO_LONG]
    if problems:
        raise UsageError(problems)


def _unused(findings: Findings, choice: Choice, without: Sequence[str]) -> list[Problem]:
    return [
        Problem(what=f"{option} {glob}: no prompt that was found stands there", mend=_GLOB_MEND)
        for option, globs in (("--include", choice.include), ("--exclude", choice.exclude))
        for glob in globs
        if not matching(findings.prompts, [glob])
        if option == "--include" or not select(without, glob, Effort())
    ]


_GLOB_MEND = "name files as in `prompts/drafts/**`, or one prompt as `path#name`"
_TOO_LONG = Problem(what="the globs of --include and --exclude take too long", mend=_GLOB_MEND)


def patient_parser(cache: Cache = NO_CACHE) -> LimitedParser:
    """A parser for a search that ends when all is read: its bounds are counted in characters.

    Its time only guards against source that is slow on purpose: whoever uses it asks whether that
    was enough, and what is found does not depend on how quick the machine is.
    """
    return LimitedParser(
        _PATIENT_SECONDS,
        Allowance(seconds=_PATIENT_SECONDS),
        cache=cache,
        parsing_seconds=_PATIENT_PARSING_SECONDS,
    )


def refuse_unfinished(parser: LimitedParser) -> None:
    """Refuse what was found in less time than it takes: the next search would find other prompts.

    Raises:
        MeasurementError: The time of the parser was over.

    """
    if parser.allowance.is_used_up:
        what = f"searching and measuring all prompts takes more than {_PATIENT_SECONDS:.0f} seconds"
        raise MeasurementError([Problem(what=what, mend=_BY_HAND)])


def unfinished() -> Problem:
    """That the time of a review without a configuration was over: prompts may be missing in it."""
    return Problem(
        what="the time was over before all prompts were found and measured: some may be missing",
        mend="write a configuration that names your prompts: `reviewbot init` begins one, and "
        "`reviewbot schema configuration` prints its keys",
    )


_BY_HAND = "write the configuration by hand: `reviewbot schema configuration` prints its keys"


_PATIENT_SECONDS = 300.0
_PATIENT_PARSING_SECONDS = 12.0
"""Ten times what 24 million characters take, and four times what the largest file does."""


def nothing_found(proposal: Proposal, tree: Tree) -> Problem:
    """The problem that there is no prompt, where it was looked for, and what was left out.

    Where the time was over before one was found it is that.
    """
    if proposal.is_unfinished:
        return unfinished()
    reasons = "".join(f"; {plain(line).strip()}" for line in summed_up(proposal.left_out))
    count = sum(1 for _ in tree.paths)
    files = "1 file" if count == 1 else f"{count:,} files"
    return Problem(
        what=f"no prompts were found in {files}, by name, folder, ending or calls in Python, "
        f"TypeScript or JavaScript{reasons}",
        mend="name yours in a configuration that you write by hand, `prompts: PATH` or `PATH#NAME` "
        "(`reviewbot formats` lists what can be read, `reviewbot schema configuration` the keys, "
        "which https://github.com/acme/reviewbot/blob/main/docs/configuration.md explains)",
    )
