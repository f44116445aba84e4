"""What happened to a pull request: its label set, its base branch changed."""

from msgspec import Struct

from reviewbot.github.api.client import Client

_RETARGETED = ("base_ref_changed", "automatic_base_change_succeeded")


class Labelling(Struct, frozen=True, kw_only=True):
    """The last time a label was set."""

    event: int
    by: str
    at: str


class Timeline(Struct, frozen=True, kw_only=True):
    """When the label was set and the base branch changed, the last time.

    Each is None where it never happened; `retargeted_at` is GitHub's time in ISO 8601.
    """

    labelling: Labelling | None
    retargeted_at: str | None


class Timelines:
    """The events of one repository's pull requests."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def of_pull(self, number: int, label: str | None) -> Timeline:
        """Who set `label` last, and when the pull request was turned to its base branch."""

        def get() -> Timeline:
            labelling = retargeted_at = None
            for item in self._client.repository.get_issue(number).get_events():
                if item.event == "labeled" and item.label and item.label.name == label:
                    by = item.actor.login if item.actor else ""
                    labelling = Labelling(event=item.id, by=by, at=item.created_at.isoformat())
                elif item.event in _RETARGETED:
                    retargeted_at = item.created_at.isoformat()
            return Timeline(labelling=labelling, retargeted_at=retargeted_at)

        return self._client.read("reading the pull request's events", get)
