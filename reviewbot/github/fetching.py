"""Fetches the commits of an event, also where the job's checkout is shallow.

What is missing is fetched into a repository of our own beside the checkout, which lends it its
objects: the user's clone is never changed, and nothing in its configuration has a say.
"""

import base64
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.errors import Problem, RevisionError
from reviewbot.github.api.failures import GitHubError
from reviewbot.github.api.retries import Retries
from reviewbot.github.revision_names import is_commit
from reviewbot.repository.git import Git, GitFailedError

_DEPTHS = (50, 500, 5_000, 2**31 - 1)
"""The last is what git takes for a history without end (git-fetch, `--unshallow`)."""

_REFUSED = 400
_NO_REFERENCE = re.compile(r"couldn't find remote ref ([^\s]{1,200})")
_FOR_GOOD = re.compile(
    r"not our ref|couldn't find remote ref|not found|Authentication failed|access denied|"
    r"could not read Username|returned error: 4",
    re.IGNORECASE,
)
"""What git says where a second attempt gives the same; the rest is taken for a network's fault."""

_BASE, _HEAD, _OTHER = "refs/reviewbot/base", "refs/reviewbot/head", "refs/reviewbot/other"


class FetchedCommits(Struct, frozen=True, kw_only=True):
    """A repository that has the tip of the base, the head and their merge base."""

    git: Git
    base: str
    head: str
    merge_base: str


class Remote:
    """A repository at GitHub, to fetch from; fetches are tried again as reads of the API are."""

    def __init__(self, url: str, token: str, retries: Retries) -> None:
        self._url = url
        self._token = token
        self._retries = retries

    def fetch(self, git: Git, *arguments: str) -> None:
        """Fetch into the repository of `git`.

        Raises:
            RevisionError: It failed for good.

        """

        def attempt(_: int) -> None:
            try:
                git.fetch(self._url, *arguments, header=_header(self._token))
            except GitFailedError as error:
                said = error.said.splitlines()[0] if error.said else "git gave no reason"
                status = _REFUSED if _FOR_GOOD.search(error.said) else None
                raise GitHubError("fetching", said, status=status) from error

        try:
            self._retries.call(attempt, is_write=False)
        except GitHubError as error:
            if missing := _NO_REFERENCE.search(error.said):
                what = f"the repository at GitHub has no {missing[1]!r}"
                mend = "name a tag, a branch or a commit of it, as in the input `baseline`"
                raise RevisionError([Problem(what=what, mend=mend)]) from error
            problem = Problem(
                what=f"the commits of this event could not be fetched: {error.said}",
                mend="give the job `contents: read`, and a private one the input `token`",
            )
            raise RevisionError([problem]) from error


class Fetcher:
    """Fetches commits of one repository at GitHub; `merge_base` asks GitHub where git cannot."""

    def __init__(
        self,
        git: Git,
        remote: Remote,
        *,
        is_shallow: bool,
        merge_base: Callable[[str, str], str] | None,
    ) -> None:
        self._git = git
        self._remote = remote
        self._is_shallow = is_shallow
        self._merge_base = merge_base

    def commits(self, base: str, head: str) -> FetchedCommits:
        """The commits to compare: the tip of `base` (a ref, a tag or a commit), and `head`.

        Raises:
            RevisionError: They cannot be fetched, or have nothing in common.

        """
        is_known = is_commit(base) and self._has(base)
        wanted = [] if is_known else [f"+{base}:{_BASE}"]
        wanted += [] if self._has(head) else [f"+{head}:{_HEAD}"]
        if wanted:
            self._fetch(*wanted)
        return self._commits(base if is_known else self._commit(_BASE), head)

    def at(self, commits: FetchedCommits, head: str) -> FetchedCommits:
        """The same base with another head.

        Raises:
            RevisionError: It cannot be fetched, or has nothing in common with the base.

        """
        if not self._has(head):
            self._fetch(f"+{head}:{_OTHER}")
        return self._commits(commits.base, head)

    def _commits(self, base: str, head: str) -> FetchedCommits:
        return FetchedCommits(
            git=self._git, base=base, head=head, merge_base=self._find(base, head)
        )

    def _find(self, base: str, head: str) -> str:
        if not self._is_shallow:
            return self._common(base, head) or _unrelated(base, head)
        try:
            found = self._merge_base(base, head) if self._merge_base else None
        except GitHubError:
            found = None
        if found is None:
            return self._deepened(base, head)
        if not self._has(found):
            self._fetch(f"+{found}:{_OTHER}")
        return found

    def _common(self, base: str, head: str) -> str | None:
        try:
            return self._git.run("merge-base", base, head).decode().strip()
        except GitFailedError:
            return None

    def _deepened(self, base: str, head: str) -> str:
        """The merge base by more and more history, where GitHub cannot be asked for it.

        It is believed once no history is cut off behind it: a later one might hide there.
        """
        for depth in _DEPTHS:
            refs = f"+{base}:{_BASE}", f"+{head}:{_HEAD}"
            self._remote.fetch(self._git, f"--depth={depth}", *refs)
            found = self._common(base, head)
            if found is not None and not self._is_cut(base, head, found):
                return found
        return _unrelated(base, head)

    def _is_cut(self, base: str, head: str, merge_base: str) -> bool:
        """Whether history is cut off between the merge base and the two commits."""
        place = os.path.join(self._git.directory, "shallow")
        try:
            with open(place, encoding="ascii") as file:
                ends = set(file.read().split())
        except FileNotFoundError:
            return False
        between = self._git.run("rev-list", base, head, f"^{merge_base}").decode().split()
        return bool(ends.intersection(between))

    def _fetch(self, *refspecs: str) -> None:
        self._remote.fetch(self._git, *(("--depth=1",) if self._is_shallow else ()), *refspecs)

    def _has(self, commit: str) -> bool:
        try:
            self._git.run("cat-file", "-e", f"{commit}^{{tree}}")
        except GitFailedError:
            return False
        return True

    def _commit(self, name: str) -> str:
        return self._git.run("rev-parse", "--verify", f"{name}^{{commit}}").decode().strip()


@contextmanager
def open_fetcher(
    checkout: Git, remote: Remote, merge_base: Callable[[str, str], str] | None
) -> Iterator[Fetcher]:
    """A fetcher with a repository of its own, which is gone at the end.

    Raises:
        RevisionError: The checkout is no repository.

    """
    try:
        answer = checkout.run(
            "rev-parse", "--show-object-format", "--is-shallow-repository", "--git-common-dir"
        )
    except GitFailedError as error:
        raise RevisionError([_no_checkout(error)]) from error
    hash_name, shallow, folder = os.fsdecode(answer).removesuffix("\n").split("\n")
    shared = os.path.join(os.path.realpath(checkout.directory), folder)
    place = tempfile.mkdtemp(prefix="reviewbot-")
    try:
        git = replace(checkout, directory=place)
        git.run("init", "--quiet", "--bare", f"--object-format={hash_name}", place)
        with open(os.path.join(place, "objects", "info", "alternates"), "wb") as file:
            file.write(os.fsencode(os.path.join(shared, "objects")) + b"\n")
        if shallow == "true":
            shutil.copy(os.path.join(shared, "shallow"), os.path.join(place, "shallow"))
        yield Fetcher(git, remote, is_shallow=shallow == "true", merge_base=merge_base)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def remote_url(environment: Mapping[str, str], repository: str) -> str:
    """Where git finds a repository of the server that this job runs for."""
    return f"{environment.get('GITHUB_SERVER_URL', 'https://github.com')}/{repository}"


def _header(token: str) -> str:
    """What actions/checkout sends too; GitHub takes any name beside a token."""
    if not token:
        return ""
    credentials = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return f"AUTHORIZATION: basic {credentials}"


def _unrelated(base: str, head: str) -> NoReturn:
    problem = Problem(
        what=f"{base[:9]} and {head[:9]} have no common history",
        mend="compare with the branch that this work started from",
    )
    raise RevisionError([problem])


def _no_checkout(error: GitFailedError) -> Problem:
    if "dubious ownership" in error.said:
        return Problem(
            what="git does not trust the checkout, which belongs to another user",
            mend='run `git config --global --add safe.directory "$GITHUB_WORKSPACE"` before',
        )
    return Problem(
        what="there is no checkout here",
        mend="put a step `uses: actions/checkout` before, or set `working-directory`",
    )
