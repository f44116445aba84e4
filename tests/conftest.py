"""Fixtures that many tests share."""

from collections.abc import Iterator
from compileall import compile_dir
from importlib.resources import files
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import settings

from reviewbot.tokens.counting import Counter
from tests.support.acting import Site
from tests.support.engines import ALL
from tests.support.github_server import GitHubServer
from tests.support.loading import loaded
from tests.support.quick_folders import use_memory
from tests.support.rendering_processes import shared_processes
from tests.support.repetitions import LONG, examples
from tests.support.repository import Repository

# What needs engines of 1.5 GB is run by `.ci/test-engines`.
collect_ignore = [] if ALL else ["usage/test_engines_by_url.py"]

# The gate tries the same examples each time, on any machine; the long run tries new ones.
settings.register_profile("ours", max_examples=examples(100), derandomize=not LONG, deadline=None)
settings.load_profile("ours")


def pytest_configure(config: pytest.Config) -> None:
    """Compile what the processes of tests import, once for all of them, and choose their folder.

    Without that, and where the environment forbids bytecode, it is half of what each takes.
    """
    use_memory()
    if not hasattr(config, "workerinput"):
        for package in ("reviewbot", "jinja2", "markupsafe"):
            compile_dir(str(files(package)), quiet=2)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep what is measured while xdist waits: it ends a worker that takes ten seconds to exit."""
    coverage = Coverage.current()
    if coverage and hasattr(session.config, "workerinput"):
        coverage.stop()
        coverage.save()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "repository")


@pytest.fixture
def site(repository: Repository, tmp_path: Path) -> Iterator[Site]:
    """A repository on a GitHub of our own, whose description every request must fit."""
    with GitHubServer(repository.path) as server:
        yield Site(repository, server, tmp_path)
        assert server.violations == []


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_kept() -> Iterator[None]:
    """What one test measures is no shortcut for another; tests of the cache have their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REVIEWBOT_CACHE", "0")
        yield


@pytest.fixture(scope="session", autouse=True)
def _processes_keep_their_bytecode() -> Iterator[None]:
    """As they do for a user; some containers forbid it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _processes_are_not_measured() -> Iterator[None]:
    """Coverage takes a process 0.2 s, as much as the rest; what it runs, tests run in process too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _encodings_are_loaded_once() -> Iterator[None]:
    """A review takes a fifth of a second to load the vocabularies, and there are thousands."""
    defaults = Counter.__init__.__kwdefaults__
    assert defaults is not None
    loader = defaults["load"]
    defaults["load"] = loaded
    yield
    defaults["load"] = loader


@pytest.fixture(scope="session", autouse=True)
def _rendering_processes_are_shared() -> Iterator[None]:
    """Nine tests in ten start one, which takes most of their time."""
    if LONG:
        yield
        return
    with shared_processes():
        yield
