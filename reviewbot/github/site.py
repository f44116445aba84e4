"""Where a job's repository, its run and the action's documentation are on the web."""

import re
from collections.abc import Mapping

from reviewbot.outputs.markdown import Site

_SERVER = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
_DOCUMENTATION = re.compile(rf"{_SERVER.pattern}(/[\w.-]+){{2}}/tree/[\w./-]+", re.ASCII)


def site_of(environment: Mapping[str, str], repository: str) -> Site:
    """The addresses that the runner tells; None for each that it does not.

    `REVIEWBOT_DOCUMENTATION` is set by `action.yml`; it is incomplete for an action of the
    repository itself.
    """
    server = environment.get("GITHUB_SERVER_URL", "")
    if _SERVER.fullmatch(server) is None:
        return Site()
    url = f"{server}/{repository}"
    run = environment.get("GITHUB_RUN_ID", "")
    documentation = environment.get("REVIEWBOT_DOCUMENTATION", "")
    is_complete = _DOCUMENTATION.fullmatch(documentation) is not None
    return Site(
        repository_url=url,
        run_url=f"{url}/actions/runs/{run}" if re.fullmatch(r"[0-9]{1,20}", run) else None,
        documentation_url=documentation if is_complete else None,
    )
