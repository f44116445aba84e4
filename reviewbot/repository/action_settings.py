"""By which configuration workflow files of GitHub Actions have a change judged, and what fails."""

import posixpath
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.repository.action_jobs import Asked, Job, read_workflow

_DEFAULTS = {"config": ".github/reviewbot.yml", "fail-on": "fail"}
"""The inputs that say by what is judged, and what fails; each with its default."""
_FAILS = {"never": 0, "fail": 1, "warn": 2}
"""The stricter, the higher; what only GitHub works out counts as the laxest."""


class Loosened(NamedTuple):
    """A setting that lets more pass; `left` is the configuration that judges no more."""

    problem: Problem
    left: str | None = None


def judged_by(text: str, *, file: str) -> frozenset[str]:
    """The configurations that the reviews of a workflow file are held against, by their paths."""
    return frozenset(posixpath.normpath(_said(job, "config")[0]) for job in _reviews(text, file))


def loosened(text: str, was: Sequence[str], *, file: str, asked: Asked) -> Iterator[Loosened]:
    """What a change of a workflow file's settings lets pass, each at its line.

    `was` is the file before the change, or those in whose place a new one stands. Another
    configuration has other limits and approvers. A job is held against the one of its name, a new
    one against those that are gone. A configuration that is not there stops the review.
    """
    jobs = _reviews(text, file)
    earlier = [job for it in was for job in _reviews(it, file)]
    names = {job.name for job in jobs}
    for job in jobs:
        named = [it for it in earlier if it.name == job.name]
        before = named or [it for it in earlier if it.name not in names]
        for name in _DEFAULTS:
            known = dict.fromkeys(_said(it, name)[0] for it in before)
            if not _same(_said(job, name)[0], known):
                for it in known:
                    yield from _loosened(job, name, it, file, asked)


def _reviews(text: str, file: str) -> list[Job]:
    try:
        workflow = read_workflow(text, file=file)
    except MeasurementError:
        return []
    return [job for job in workflow.jobs if job.reviews] if workflow else []


def _said(job: Job, name: str) -> tuple[str, int]:
    return job.setting(name) or (_DEFAULTS[name], job.run_line)


def _same(said: str, known: dict[str, None]) -> bool:
    return posixpath.normpath(said) in map(posixpath.normpath, known)


def _loosened(job: Job, name: str, was: str, file: str, asked: Asked) -> Iterator[Loosened]:
    said, line = _said(job, name)
    place = Place(file=file, line=line)
    mend = f"take `{name}` out" if was == _DEFAULTS[name] else f"write `{name}: {was}`"
    is_there = asked.exists is None or "${{" in said or asked.exists(posixpath.normpath(said))
    if name == "config" and is_there:
        what = f"{said} judges instead of {was}, with limits and approvers of its own"
        yield Loosened(Problem(what=what, mend=mend, place=place), posixpath.normpath(was))
    elif name == "fail-on" and _FAILS.get(said, 0) < _FAILS.get(was, 0):
        what = f"`{name}: {said}` lets pass what `{name}: {was}` stops"
        yield Loosened(Problem(what=what, mend=mend, place=place))
