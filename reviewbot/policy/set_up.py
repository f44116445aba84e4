"""Whether the workflow files of GitHub Actions that run the review are set up so that it holds."""

import re
from collections.abc import Iterator

from reviewbot.report import Finding, Rule, Verdict
from reviewbot.repository.action_workflow import is_workflow_file
from reviewbot.scope.change import Change

_FILES_LIMIT = 50
_BRANCH = re.compile(r"[A-Za-z][\w./-]*")
_NO_BRANCHES = re.compile(r"[A-Z_]*HEAD|[0-9a-f]{7,64}")


def judge_set_up(change: Change) -> Iterator[Finding]:
    """A warning for each fault of a workflow file that changed.

    Where the configuration changed, all of them are read: approvers, say, ask for another event.
    Beyond fifty files none is read.
    """
    comparison, configurations = change.comparison, change.configurations
    changed = {item.after for item in comparison.changes if item.after is not None}
    if configurations.after.file in changed:
        files = [path for path in comparison.after_tree.paths if is_workflow_file(path)]
    else:
        files = sorted(filter(is_workflow_file, changed))
    if not files:
        return
    from reviewbot.repository.action_faults import Asked, faults
    from reviewbot.repository.trees import read_texts

    approval = configurations.proposed.approval
    asked = Asked(
        branch=_branch(comparison.base.name),
        has_approvers=bool(approval.approvers),
        label=approval.label,
    )
    for path, text in read_texts(comparison.after_tree, files[:_FILES_LIMIT]).items():
        for fault in faults(text, file=path, asked=asked):
            yield Finding(
                rule=Rule.SET_UP,
                verdict=Verdict.WARN,
                text=f"{fault.what}; {fault.mend}",
                place=fault.place,
            )


def _branch(base: str) -> str | None:
    """The branch that is merged into; None where the base is named as a commit."""
    name = base.removeprefix("refs/heads/").removeprefix("origin/")
    is_branch = _BRANCH.fullmatch(name) and not _NO_BRANCHES.fullmatch(name)
    return name if is_branch else None
