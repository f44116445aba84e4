"""Whether the workflow files of GitHub Actions that run the review are set up so that it holds."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial

from reviewbot.errors import Place
from reviewbot.report import Finding, Rule, Verdict
from reviewbot.repository.action_workflow import NAME, is_workflow_file
from reviewbot.repository.trees import Tree, read_texts
from reviewbot.scope.change import Change

_MOST_READ = 500
_MOST_LOOKED_AT = 50
"""Of those that name reviewbot."""
_BRANCH = re.compile(r"[A-Za-z][\w./-]*")
_NO_BRANCHES = re.compile(r"[A-Z_]*HEAD|[0-9a-f]{7,64}")


def judge_set_up(change: Change) -> Iterator[Finding]:
    """Each fault of a workflow file that changed, and that none reviews any more.

    They warn; what the change adds to turn the check off needs approval.

    Where the configuration changed, all of them are looked at: approvers, say, ask for another
    event. At most 500 are read, and 50 of those that name reviewbot are looked at; a warning counts
    the others.
    """
    comparison, configurations = change.comparison, change.configurations
    before = {it.before for it in comparison.changes if it.before and is_workflow_file(it.before)}
    after = {it.after for it in comparison.changes if it.after and is_workflow_file(it.after)}
    is_all = any(it.after == configurations.after.file for it in comparison.changes)
    if not (before or after or is_all):
        return
    files = sorted(filter(is_workflow_file, comparison.after_tree.paths))
    files.sort(key=lambda path: path not in after)
    running = _running(comparison.after_tree, files[:_MOST_READ])
    asked = [path for path in running if is_all or path in after]
    looked_at = {path: running[path] for path in asked[:_MOST_LOOKED_AT]}
    if looked_at:
        yield from _faults(looked_at, change)
    if left := len(files[_MOST_READ:]) + len(asked[_MOST_LOOKED_AT:]):
        what = f"{left:,} workflow files of GitHub Actions were not looked at: there are too many"
        yield _told(f"{what}; see that those which run reviewbot are as docs/github.md shows")
    else:
        yield from _turned_off(comparison.before_tree, sorted(before), running)


def _running(tree: Tree, files: Collection[str]) -> dict[str, str]:
    """The texts of the files that name reviewbot, by path."""
    return {path: text for path, text in read_texts(tree, files).items() if NAME in text}


def _faults(texts: Mapping[str, str], change: Change) -> Iterator[Finding]:
    """What is wrong in workflow files; what the change adds to pass unreviewed needs approval."""
    from reviewbot.repository.action_faults import faults, loosened, passes_unreviewed
    from reviewbot.repository.action_jobs import Asked, reviews_pull_requests

    approval = change.configurations.proposed.approval
    comparison = change.comparison
    asked = Asked(
        branch=_branch(comparison.base.name),
        has_approvers=bool(approval.approvers),
        label=approval.label,
        exists=partial(_is_there, comparison.after_tree),
        configuration=change.configurations.after.file,
    )
    earlier = {it.after: it.before for it in comparison.changes if it.before}
    stood = _running(comparison.before_tree, {earlier.get(path, path) for path in texts})
    for path, text in texts.items():
        added: frozenset[str] = frozenset()
        was = stood.get(earlier.get(path, path))
        if was is not None and reviews_pull_requests(was, file=path):
            added = passes_unreviewed(text, file=path, asked=asked)
            added -= passes_unreviewed(was, file=path, asked=asked)
            for it in loosened(text, was, file=path, asked=asked):
                yield _told(f"{it.what}; {it.mend}", it.place, is_off=True)
        for fault in faults(text, file=path, asked=asked):
            is_off = fault.what in added
            yield _told(f"{fault.what}; {fault.mend}", fault.place, is_off=is_off)


def leaves_configuration(change: Change) -> bool:
    """Whether a changed workflow file named a configuration of the base that judges no more."""
    from reviewbot.repository.action_faults import judged_by

    comparison = change.comparison
    changed = [it.before for it in comparison.changes if it.before and is_workflow_file(it.before)]
    return any(
        path != change.configurations.after.file and comparison.governing_tree.entry(path)
        for file, text in _running(comparison.before_tree, changed).items()
        for path in judged_by(text, file=file)
    )


def _is_there(tree: Tree, path: str) -> bool:
    """Whether a tree has a file, or a folder, at the path."""
    is_folder = any(it.startswith(f"{path}/") for it in tree.paths)
    return path == "." or is_folder or tree.entry(path) is not None


def _turned_off(
    tree: Tree,
    changed: Collection[str],
    running: Mapping[str, str],
) -> Iterator[Finding]:
    """That a workflow file reviewed pull requests, and no one does any more.

    It is told already where one that runs reviewbot is no YAML.
    """
    from reviewbot.repository.action_jobs import is_misread, reviews_pull_requests

    for path, text in _running(tree, changed).items():
        if not reviews_pull_requests(text, file=path):
            continue
        if path in running and is_misread(running[path], file=path):
            return
        if not any(reviews_pull_requests(it, file=file) for file, it in running.items()):
            what = "no workflow of GitHub Actions reviews pull requests any more"
            mend = "give one that runs reviewbot the event `pull_request`, as docs/github.md shows"
            yield _told(f"{what}: this one did; {mend}", Place(file=path), is_off=True)
        return


def _told(text: str, place: Place | None = None, *, is_off: bool = False) -> Finding:
    """A warning; what turns the check off needs approval, as what weakens a limit does."""
    verdict = Verdict.NEEDS_APPROVAL if is_off else Verdict.WARN
    return Finding(rule=Rule.SET_UP, verdict=verdict, text=text, place=place)


def _branch(base: str) -> str | None:
    """The branch that is merged into; None where the base is named as a commit."""
    name = base.removeprefix("refs/heads/").removeprefix("origin/")
    is_branch = _BRANCH.fullmatch(name) and not _NO_BRANCHES.fullmatch(name)
    return name if is_branch else None
