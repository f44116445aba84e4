"""The GitHub Actions workflow that makes the review a check, for a repository of one's own."""

import json
import re

from msgspec import Struct

from reviewbot.repository import action_workflow

PATH = action_workflow.PATH

_PLAIN_BRANCH = re.compile(r"[A-Za-z][\w./-]*")
_TEXT = """\
name: prompt costs
on:
  pull_request:
    branches: [{branch}]
    types: [opened, synchronize, reopened, edited{labels}]
{reviews}  # merge_group: # with a merge queue
permissions: {{}}
concurrency:
  group: prompt-costs-${{{{ github.event.pull_request.number || github.ref }}}}
  cancel-in-progress: true
jobs:
  review:
    runs-on: ubuntu-24.04
    permissions:
      contents: read
      pull-requests: write
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - id: costs
        uses: {action}{note}
      # - if: always() && steps.costs.outputs.report != '' # with a second workflow for forks
      #   uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
      #   with:
      #     name: prompt-costs
      #     path: ${{{{ steps.costs.outputs.report }}}}
"""
_LABELS = ", labeled, unlabeled"
_REVIEWS = """\
  pull_request_review: # so that an approval is seen
    types: [submitted, dismissed]
"""
NO_ACTION = f"acme/reviewbot@{'0' * 40}"
"""Stands for the action's repository, and for a commit of it."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What the workflow is for: whether somebody approves, and the action as OWNER/NAME@COMMIT."""

    has_approvers: bool = False
    action: str | None = None


def workflow_text(branch: str, wanted: Wanted, *, note: str = "") -> str:
    """The workflow for pull requests to `branch`; `note` stands behind an action without commit."""
    shown = branch if _PLAIN_BRANCH.fullmatch(branch) else json.dumps(branch)
    return _TEXT.format(
        branch=shown,
        labels=_LABELS if wanted.has_approvers else "",
        reviews=_REVIEWS if wanted.has_approvers else "",
        action=wanted.action or NO_ACTION,
        note="" if wanted.action else note,
    )
