"""The stamp of our comment, its first line: which review it shows, and what later runs need.

All of it is ours: digits, digests and dates.
"""

import re
from collections.abc import Mapping
from hashlib import sha256

from msgspec import Struct

_REMEMBERED = 20
_MARKER = re.compile(
    r"<!-- reviewbot (?P<key>[0-9a-f]{12}) head=(?P<head>[0-9a-f]{40,64}) at=(?P<at>[0-9T:+.-]*)"
    r" run=(?P<run>[0-9]{1,19})\.(?P<attempt>[0-9]{1,19})"
    r"(?: label=(?P<event>[0-9]{1,19})@(?P<commit>[0-9a-f]{40,64}))?"
    r"(?: approvals=(?P<approvals>[0-9]{1,19}:[0-9a-f]{16}(?:,[0-9]{1,19}:[0-9a-f]{16})*))? -->\n"
)


class Stamp(Struct, frozen=True, kw_only=True):
    """Which review a comment shows.

    `at` is GitHub's time when the pull request was read, `run` and `attempt` are the workflow
    run's. `labelled` is the id of the event that set the approving label, and the head it was on.
    `approvals` are the ids of approvals that counted once, each with the digest of what for.
    """

    key: str
    head: str
    at: str
    run: int
    attempt: int
    labelled: tuple[int, str] | None = None
    approvals: Mapping[int, str] = {}

    @property
    def order(self) -> tuple[str, int, int]:
        """The later of two reviews of one commit has the greater."""
        return self.at, self.run, self.attempt

    @property
    def marker(self) -> str:
        """The comment's first line; all of it is ours: digits, digests and dates."""
        label = f" label={self.labelled[0]}@{self.labelled[1]}" if self.labelled else ""
        run = f"{self.run}.{self.attempt}"
        newest = sorted(self.approvals.items())[-_REMEMBERED:]
        listed = ",".join(f"{number}:{found}" for number, found in newest)
        approvals = f" approvals={listed}" if listed else ""
        return (
            f"<!-- reviewbot {self.key} head={self.head} at={self.at} run={run}{label}{approvals}"
            " -->\n"
        )


def former_keys(path: str) -> frozenset[str]:
    """The keys of comments that name the same configuration by `./` or with `//`.

    Earlier versions took these for other configurations.
    """
    folder, slash, name = path.rpartition("/")
    doubled = f"{folder}//{name}" if slash else f".//{name}"
    return frozenset(map(configuration_key, (f"./{path}", doubled, f"./{doubled}")))


def configuration_key(path: str) -> str:
    """A short digest of the configuration's path: one comment for each."""
    return sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def stamp_of(body: str) -> Stamp | None:
    """The stamp of a comment, None where its text does not begin with one."""
    found = _MARKER.match(body.replace("\r\n", "\n"))
    if found is None:
        return None
    labelled = (int(found["event"]), found["commit"]) if found["event"] else None
    return Stamp(
        key=found["key"],
        head=found["head"],
        at=found["at"],
        run=int(found["run"]),
        attempt=int(found["attempt"]),
        labelled=labelled,
        approvals={
            int(number): digest
            for number, _, digest in (
                item.partition(":") for item in (found["approvals"] or "").split(",") if item
            )
        },
    )
