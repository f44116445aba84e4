"""Who may approve that another configuration judges: whom the old one lets, as the base has it."""

from collections.abc import Collection, Iterator

from reviewbot.configuration.reading import read_approval, read_configuration
from reviewbot.configuration.settings import Approval
from reviewbot.errors import ConfigurationError, MeasurementError
from reviewbot.repository.trees import read_text
from reviewbot.scope.change import Change


def approval_by_left(
    change: Change, left: Collection[str], *, needs_more: bool
) -> tuple[Approval, str | None]:
    """Who may approve that the configurations `left` judge no more; or why nobody can, and a mend.

    Whoever approves has to be named in each of them, as it stands on the base; and in the one that
    is reviewed by, where that governs and more than this needs approval: `needs_more`.
    """
    configurations = change.configurations
    terms = []
    for path in sorted(left):
        approval = _approval_on_base(change, path)
        if isinstance(approval, str):
            return configurations.approval, approval
        terms.append(approval)
    is_governing = configurations.advisory is None or configurations.is_base_broken
    if needs_more and is_governing:
        terms.append(configurations.approval)
    joined = _joined(terms)
    if joined.approvers:
        return joined, None
    what = f"nobody is named in all of {', '.join(sorted({*left, configurations.after.file}))}"
    return configurations.approval, f"{what}; bring this in a pull request of its own"


def _approval_on_base(change: Change, path: str) -> Approval | str:
    """What a configuration says of approvals; or why it names nobody, and the mend."""
    tree, base = change.comparison.governing_tree, change.comparison.base.name
    again = "or merge this one without this check"
    if "${{" in path:
        return f"GitHub alone works out which one `{path}` means; keep it, {again}"
    if tree.entry(path) is None:
        return f"{path} is not on {base}; bring it back in a pull request of its own first, {again}"
    try:
        text = read_text(tree, path)
    except MeasurementError as error:
        text, why = "", f" ({error.problems[0].what})"
    else:
        why = ""
    approval = read_approval(text, file=path)
    if approval.approvers:
        return approval
    try:
        read_configuration(text, file=path)
    except ConfigurationError:
        what = f"{path} on {base} is broken{why}, and who may approve cannot be read"
        return f"{what}; mend it in a pull request of its own first, {again}"
    what = f"{path} on {base} names nobody who may approve"
    return f"{what}; name somebody there in a pull request of its own first"


def _joined(terms: list[Approval]) -> Approval:
    """What meets all of several terms."""
    first, *others = terms
    known = [set(_logins(it)) for it in others]
    days = [it.expires_after_days for it in terms if it.expires_after_days is not None]
    return Approval(
        approvers=tuple(
            name
            for name, login in zip(first.approvers, _logins(first), strict=True)
            if all(login in it for it in known)
        ),
        label=first.label if all(it.label == first.label for it in others) else None,
        strict=any(it.strict for it in terms),
        expires_after_days=min(days, default=None),
    )


def _logins(approval: Approval) -> Iterator[str]:
    return (name.removeprefix("@").lower() for name in approval.approvers)
