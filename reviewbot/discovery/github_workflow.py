"""The GitHub Actions workflow that makes the review a check, for a repository of one's own."""

import json
import re

PATH = ".github/workflows/prompt-costs.yml"

_PLAIN_BRANCH = re.compile(r"[A-Za-z][\w./-]*")
_TEXT = """\
name: prompt costs
on:
  pull_request:
    branches: [{branch}]
    types: [opened, synchronize, reopened, edited]
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
      - uses: acme/reviewbot@0000000000000000000000000000000000000000{note}
"""


def workflow_text(branch: str, *, note: str = "") -> str:
    """The workflow for pull requests to `branch`; `note` stands behind the action's commit."""
    shown = branch if _PLAIN_BRANCH.fullmatch(branch) else json.dumps(branch)
    return _TEXT.format(branch=shown, note=note)
