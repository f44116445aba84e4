"""Whether the workflow files of GitHub Actions that run the review are set up so that it holds."""

import re
from collections.abc import Collection, Iterator, Mapping

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
    """A warning for each fault of a workflow file that changed, and where none reviews any more.

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
        yield _warning(f"{what}; see that those which run reviewbot are as docs/github.md shows")
    else:
        yield from _turned_off(comparison.before_tree, sorted(before), running, looked_at)


def _running(tree: Tree, files: Collection[str]) -> dict[str, str]:
    """The texts of the files that name reviewbot, by path."""
    return {path: text for path, text in read_texts(tree, files).items() if NAME in text}


def _faults(texts: Mapping[str, str], change: Change) -> Iterator[Finding]:
    from reviewbot.repository.action_faults import Asked, faults

    approval = change.configurations.proposed.approval
    asked = Asked(
        branch=_branch(change.comparison.base.name),
        has_approvers=bool(approval.approvers),
        label=approval.label,
    )
    for path, text in texts.items():
        for fault in faults(text, file=path, asked=asked):
            yield _warning(f"{fault.what}; {fault.mend}", fault.place)


def _turned_off(
    tree: Tree,
    changed: Collection[str],
    running: Mapping[str, str],
    looked_at: Mapping[str, str],
) -> Iterator[Finding]:
    """That a workflow file reviewed pull requests, and no one does any more.

    It is told already where one that is `looked_at` has a slip for which it does not start.
    """
    from reviewbot.repository.action_faults import is_misread
    from reviewbot.repository.action_jobs import reviews_pull_requests

    for path, text in _running(tree, changed).items():
        if not reviews_pull_requests(text, file=path):
            continue
        if path in looked_at and is_misread(looked_at[path], file=path):
            return
        if not any(reviews_pull_requests(it, file=file) for file, it in running.items()):
            what = "no workflow of GitHub Actions reviews pull requests any more"
            mend = "give one that runs reviewbot the event `pull_request`, as docs/github.md shows"
            yield _warning(f"{what}: this one did; {mend}", Place(file=path))
        return


def _warning(text: str, place: Place | None = None) -> Finding:
    return Finding(rule=Rule.SET_UP, verdict=Verdict.WARN, text=text, place=place)


def _branch(base: str) -> str | None:
    """The branch that is merged into; None where the base is named as a commit."""
    name = base.removeprefix("refs/heads/").removeprefix("origin/")
    is_branch = _BRANCH.fullmatch(name) and not _NO_BRANCHES.fullmatch(name)
    return name if is_branch else None
