"""Whether the workflow files of GitHub Actions that run the review are set up so that it holds."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import Approval
from reviewbot.errors import Place
from reviewbot.policy.adoption import is_first
from reviewbot.policy.fingerprint import needs_approval
from reviewbot.report import Finding, Rule, Verdict
from reviewbot.repository.action_workflow import NAME, is_workflow_file
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree, read_texts
from reviewbot.scope.change import Change

_MOST_READ = 500
_MOST_LOOKED_AT = 50
"""Of those that name reviewbot."""
_BRANCH = re.compile(r"[A-Za-z][\w./-]*")
_Found = tuple[Finding, str | None]
"""A finding, and the configuration that judges no more by what it tells."""
_NO_BRANCHES = re.compile(r"[A-Z_]*HEAD|[0-9a-f]{7,64}")


class SetUp(Struct, frozen=True, kw_only=True):
    """What is found of workflow files, and who may approve it.

    `is_left` says that a configuration of the base judges no more.
    """

    findings: tuple[Finding, ...]
    approval: Approval
    is_left: bool = False


def judge_set_up(change: Change, *, needs_more: bool) -> SetUp:
    """What is found of workflow files, which the approvers of the base's configuration approve.

    Where a change has another one judge, those of the one before count; where it cannot say who
    they are, the change fails. `needs_more` says that something else needs approval, too.
    """
    found = [*_found(change)]
    findings = tuple(it for it, _ in found)
    approval = change.configurations.approval
    if not needs_approval(findings):
        return SetUp(findings=findings, approval=approval)
    left = {path for _, path in found if path is not None}
    if is_first(change.configurations):
        left |= _judged_before(change)
    if not left:
        return SetUp(findings=findings, approval=approval)
    from reviewbot.policy.left_configurations import approval_by_left

    approval, refusal = approval_by_left(change, left, needs_more=needs_more)
    if refusal is not None:
        findings = tuple(_refused(it, refusal) for it in findings)
    return SetUp(findings=findings, approval=approval, is_left=True)


def _refused(finding: Finding, why: str) -> Finding:
    """What needs approval fails where nobody can give it."""
    if finding.verdict is not Verdict.NEEDS_APPROVAL:
        return finding
    text = f"{finding.text}; nobody can approve it: {why}"
    return replace(finding, verdict=Verdict.FAIL, text=text)


def _found(change: Change) -> Iterator[_Found]:
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
        yield _told(f"{what}; see that those which run reviewbot are as docs/github.md shows"), None
    else:
        yield from _turned_off(comparison.before_tree, sorted(before), running)


def _running(tree: Tree, files: Collection[str]) -> dict[str, str]:
    """The texts of the files that name reviewbot, by path."""
    return {path: text for path, text in read_texts(tree, files).items() if NAME in text}


def _faults(texts: Mapping[str, str], change: Change) -> Iterator[_Found]:
    """What is wrong in workflow files; what the change adds to pass unreviewed needs approval."""
    from reviewbot.repository.action_faults import faults, passes_unreviewed
    from reviewbot.repository.action_jobs import Asked
    from reviewbot.repository.action_settings import loosened

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
    stood = _reviewing(comparison.before_tree, _changed(comparison))
    left = {path: was for path, was in stood.items() if not _goes_on(path, texts, earlier)}
    for path, text in texts.items():
        known = stood.get(earlier.get(path, path))
        before = [known] if known is not None else [*left.values()] if path not in earlier else []
        added: frozenset[str] = frozenset()
        if before:
            added = passes_unreviewed(text, file=path, asked=asked)
            added -= {it for was in before for it in passes_unreviewed(was, file=path, asked=asked)}
            for it, config in loosened(text, before, file=path, asked=asked):
                yield _told(f"{it.what}; {it.mend}", it.place, is_off=True), config
        for fault in faults(text, file=path, asked=asked):
            is_off = fault.what in added
            yield _told(f"{fault.what}; {fault.mend}", fault.place, is_off=is_off), None


def _goes_on(path: str, texts: Mapping[str, str], earlier: Mapping[str | None, str | None]) -> bool:
    """Whether what stood at a path still reviews pull requests, there or where it was moved."""
    from reviewbot.repository.action_jobs import reviews_pull_requests

    return any(
        reviews_pull_requests(text, file=now)
        for now, text in texts.items()
        if earlier.get(now, now) == path
    )


def _changed(comparison: Comparison) -> list[str]:
    """The workflow files that a change alters, moves or takes out, by their paths before it."""
    return [it.before for it in comparison.changes if it.before and is_workflow_file(it.before)]


def _reviewing(tree: Tree, files: Collection[str]) -> dict[str, str]:
    """The texts of the files that review pull requests, by path."""
    from reviewbot.repository.action_jobs import reviews_pull_requests

    running = _running(tree, files)
    return {path: it for path, it in running.items() if reviews_pull_requests(it, file=path)}


def _judged_before(change: Change) -> set[str]:
    """The configurations of the base that changed workflow files named, but for the one now."""
    from reviewbot.repository.action_settings import judged_by

    comparison = change.comparison
    return {
        path
        for file, text in _running(comparison.before_tree, _changed(comparison)).items()
        for path in judged_by(text, file=file)
        if path != change.configurations.after.file and comparison.governing_tree.entry(path)
    }


def _is_there(tree: Tree, path: str) -> bool:
    """Whether a tree has a file, or a folder, at the path."""
    is_folder = any(it.startswith(f"{path}/") for it in tree.paths)
    return path == "." or is_folder or tree.entry(path) is not None


def _turned_off(
    tree: Tree,
    changed: Collection[str],
    running: Mapping[str, str],
) -> Iterator[_Found]:
    """That a workflow file reviewed pull requests, by a configuration, and no one does any more.

    It is told already where one that runs reviewbot is no YAML, or has another configuration.
    """
    from reviewbot.repository.action_jobs import is_misread, reviews_pull_requests
    from reviewbot.repository.action_settings import judged_by

    stood = _reviewing(tree, changed)
    if not stood or any(path in running and is_misread(running[path], file=path) for path in stood):
        return
    now = {path: it for path, it in running.items() if reviews_pull_requests(it, file=path)}
    mend = "give one that runs reviewbot the event `pull_request`, as docs/github.md shows"
    if not now:
        what = "no workflow of GitHub Actions reviews pull requests any more: this one did"
        yield _told(f"{what}; {mend}", Place(file=next(iter(stood))), is_off=True), None
        return
    kept = {config for path, it in now.items() for config in judged_by(it, file=path)}
    for path, was in stood.items():
        if path not in now:
            for config in sorted(judged_by(was, file=path) - kept):
                what = f"no workflow is judged by {config} any more: this one was"
                yield _told(f"{what}; keep it", Place(file=path), is_off=True), config
                kept.add(config)


def _told(text: str, place: Place | None = None, *, is_off: bool = False) -> Finding:
    """A warning; what turns the check off needs approval, as what weakens a limit does."""
    verdict = Verdict.NEEDS_APPROVAL if is_off else Verdict.WARN
    return Finding(rule=Rule.SET_UP, verdict=verdict, text=text, place=place)


def _branch(base: str) -> str | None:
    """The branch that is merged into; None where the base is named as a commit."""
    name = base.removeprefix("refs/heads/").removeprefix("origin/")
    is_branch = _BRANCH.fullmatch(name) and not _NO_BRANCHES.fullmatch(name)
    return name if is_branch else None
