"""Teams of an organisation: who may approve."""

from reviewbot.github.api.client import Client
from reviewbot.github.api.failures import GitHubError


class Teams:
    """The teams that the token may read."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def is_member(self, team: str, login: str) -> bool | None:
        """Whether `login` is in `organisation/team`; None where the token may not know."""
        organisation, _, slug = team.partition("/")
        path = f"/orgs/{organisation}/teams/{slug}/memberships/{login}"
        requester = self._client.repository.requester
        try:
            _, data = self._client.read(
                f"asking whether {login} is in {team}",
                lambda: requester.requestJsonAndCheck("GET", path),
            )
        except GitHubError as error:
            if error.status in (401, 403, 404):
                return None
            raise
        return bool(data.get("state") == "active")
