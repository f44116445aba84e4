"""A stateful GitHub on this machine, held to GitHub's own OpenAPI description.

It serves the part of the REST API that is in `data/github_openapi.json`, below `/` and `/api/v3/`,
and git's smart protocol for one repository. Whatever the description does not allow, in a request
or in an answer, is noted in `GitHubServer.violations`. One file a resource.
"""

from tests.support.github_server.faults import Fault, FaultKind, always, in_turn
from tests.support.github_server.server import GitHubServer
from tests.support.github_server.state import Recorded

__all__ = ["Fault", "FaultKind", "GitHubServer", "Recorded", "always", "in_turn"]
