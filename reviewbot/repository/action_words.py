"""The words of GitHub's workflow files, and those of the action.

They are those of https://github.com/actions/languageservices (`workflow-v1.0.json`, August 2026).
A word that is not here may be a newer one: it is a slip only if it is much like one that is.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TOP = _words(
    """
    concurrency defaults description env jobs name on permissions run-name
    """
)
JOB = _words(
    """
    cancel-timeout-minutes concurrency container continue-on-error defaults env environment
    if name needs outputs permissions runs-on secrets services snapshot steps strategy
    timeout-minutes uses with
    """
)
STEP = _words(
    """
    background cancel continue-on-error env id if name parallel run shell timeout-minutes
    uses wait wait-all with working-directory
    """
)
SETTINGS = _words(
    """
    branches branches-ignore cron inputs outputs paths paths-ignore secrets tags tags-ignore
    timezone types workflows
    """
)
"""What an event may have below it."""
EVENTS = _words(
    """
    branch_protection_rule check_run check_suite create delete deployment deployment_status
    discussion discussion_comment fork gollum image_version issue_comment issues label
    merge_group milestone page_build project project_card project_column public pull_request
    pull_request_comment pull_request_review pull_request_review_comment pull_request_target
    push registry_package release repository_dispatch schedule status watch workflow_call
    workflow_dispatch workflow_run
    """
)
OWN_EVENTS = (
    *("pull_request", "pull_request_review", "merge_group", "workflow_call", "schedule", "push"),
    "workflow_run",
)
"""The events that docs/github.md uses."""
TYPES = {
    "pull_request": _words(
        """
    assigned auto_merge_disabled auto_merge_enabled closed converted_to_draft demilestoned
    dequeued edited enqueued labeled locked milestoned opened ready_for_review reopened
    review_request_removed review_requested stacked synchronize unassigned unlabeled
    unlocked
    """
    ),
    "pull_request_review": ("submitted", "edited", "dismissed"),
    "merge_group": ("checks_requested",),
    "workflow_run": ("requested", "completed", "in_progress"),
}
PERMISSIONS = _words(
    """
    actions artifact-metadata attestations checks code-quality contents copilot-requests
    deployments discussions drives id-token issues models packages pages pull-requests
    repository-projects security-events statuses vulnerability-alerts
    """
)
LEVELS = ("read", "write", "none")
CONCURRENCY = ("group", "cancel-in-progress", "queue")
STRATEGY = ("matrix", "fail-fast", "max-parallel")
RUNNERS = _words(
    """
    macos-13 macos-14 macos-15 macos-latest ubuntu-22.04 ubuntu-22.04-arm ubuntu-24.04
    ubuntu-24.04-arm ubuntu-latest ubuntu-slim windows-2022 windows-2025 windows-latest
    """
)
"""Labels of GitHub's own runners."""
CHECKOUT = _words(
    """
    clean fetch-depth fetch-tags filter github-server-url lfs path persist-credentials ref
    repository set-safe-directory show-progress sparse-checkout sparse-checkout-cone-mode
    ssh-key ssh-known-hosts ssh-strict ssh-user submodules token
    """
)
"""The inputs of actions/checkout."""
INPUTS = {
    "config": (),
    "token": (),
    "comment": ("update", "off"),
    "fail-on": ("fail", "warn", "never"),
    "dry-run": ("true", "false"),
    "check-run": ("true", "false"),
    "line-comments": ("true", "false"),
    "working-directory": (),
    "baseline": (),
    "report": (),
    "drift": ("true", "false"),
    "comment-author": (),
    "python": (),
}
"""The inputs of the action, each with the values that it may have; none where any will do."""

_OTHERWISE = {
    **dict.fromkeys(("trigger", "triggers", "when"), "on"),
    **dict.fromkeys(("timeout", "timeout_minutes", "timeoutMinutes"), "timeout-minutes"),
    **dict.fromkeys(("runner", "runson", "run-on", "run_on", "runsOn"), "runs-on"),
    **dict.fromkeys(("cwd", "workdir", "working-dir", "directory"), "working-directory"),
    **dict.fromkeys(("command", "script"), "run"),
    **dict.fromkeys(("sync", "updated", "pushed", "synchronized", "push"), "synchronize"),
    **dict.fromkeys(("created", "new"), "opened"),
    **dict.fromkeys(("approved", "reviewed"), "submitted"),
    **dict.fromkeys(("read-write", "readwrite", "rw", "admin", "true"), "write"),
    **dict.fromkeys(("prs", "pull", "pulls", "pr"), "pull-requests"),
}
"""Words that people write for those of GitHub."""
_ALIKE = 0.8
_LONGEST_CHARACTERS = 100


def meant(word: str, words: tuple[str, ...], *, at_least: float = _ALIKE) -> str | None:
    """The known word that another one stands for; None where it is known, or may be a new one.

    `at_least` is how alike the two have to be, from 0 to 1, unless they have the same letters.
    """
    if word in words:
        return None
    import difflib

    otherwise = _OTHERWISE.get(word)
    if otherwise in words:
        return otherwise
    known = {_plain(item): item for item in words}
    plain = _plain(word[:_LONGEST_CHARACTERS])
    near = difflib.get_close_matches(plain, known, 1, at_least)
    swapped = [item for item in known if sorted(item) == sorted(plain)]
    return known[(near or swapped)[0]] if near or swapped else None


def _plain(word: str) -> str:
    return word.lower().replace("_", "-")
