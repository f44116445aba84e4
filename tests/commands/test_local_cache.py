"""What earlier reviews have measured is kept: the same report, sooner, and whatever lies there."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reviewbot import local_cache as kept
from reviewbot.commands._common.caching import _is_wanted
from reviewbot.errors import UsageError
from reviewbot.local_cache import NO_CACHE, FolderCache
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, configuration, review, workflow

TEMPLATE = "{% include 'part.j2' %}{% if name %}Help {{ name }}.{% else %}Say nothing.{% endif %}\n"
FILES = {
    CONFIGURATION: configuration(
        {
            "jinja": workflow("a.j2", samples="samples/*.json"),
            "mustache": workflow("b.mustache", samples="samples/*.json"),
            "text": workflow("c.txt", model="anthropic/claude-sonnet-4-5"),
            "python": workflow("d.py#GREETING", samples="samples/*.json"),
        }
    ),
    "a.j2": TEMPLATE,
    "part.j2": "Be kind.\n",
    "b.mustache": "{{#name}}Help {{name}}.{{/name}}{{^name}}Say nothing.{{/name}}\n",
    "c.txt": "Sort the ticket.\n",
    "d.py": 'name = "Ada"\nGREETING = f"Help {name} with {task} now."\n',
    "samples/one.json": json.dumps({"name": "Ada", "task": "sums"}),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's reviews keep what they measure, as on a laptop."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("REVIEWBOT_CACHE", "1")
    return tmp_path / "cache" / "reviewbot" / "measured"


@pytest.fixture
def changed(repository: Repository) -> Repository:
    repository.commit(FILES)
    repository.branch("work")
    repository.commit({"a.j2": TEMPLATE + "Be brief.\n"})
    return repository


def measured(repository: Repository, *arguments: str) -> tuple[Outcome, dict[str, int]]:
    """The outcome, without its log, and what the log says of the measuring."""
    outcome = review(repository, "--log-format", "json", *arguments)
    lines = [json.loads(line) for line in outcome.errors.splitlines() if line.startswith("{")]
    (told,) = [line for line in lines if line.get("stage") == "measure"]
    return Outcome(code=outcome.code, out=outcome.out, errors=""), told


def entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_the_same_review_again_renders_and_counts_nothing(
    folder: Path, changed: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = review(changed, "--no-cache")
    assert not folder.exists()
    first, told = measured(changed)
    assert told["renderings"] > 0
    assert "cached_renderings" not in told
    monkeypatch.setattr(RenderingProcess, "start", lambda _: pytest.fail("a process starts"))
    monkeypatch.setattr(RenderingProcess, "_done", lambda *_: pytest.fail("a process is asked"))
    second, told_again = measured(changed)
    assert first.out == second.out == without.out
    assert first.code == second.code == without.code
    assert told_again["cached_renderings"] == told["renderings"]
    assert told_again["texts"] == 0
    assert told_again["encodings"] == 0


def test_what_no_sample_comes_to_is_told_from_what_is_kept_too(
    folder: Path, changed: Repository
) -> None:
    changed.commit({"a.j2": TEMPLATE + "{{ name or history }}\n"})
    first, _ = measured(changed)
    again, told = measured(changed)
    assert first.rules("jinja") == again.rules("jinja") == {"unseen": "needs-approval"}
    assert entries(folder)
    assert not told.get("renderings")


@pytest.mark.parametrize(
    "edit",
    [
        {"a.j2": "Help {{ name }} at once.\n"},
        {"part.j2": "Be kind and brief, and never give up.\n"},
        {"samples/one.json": json.dumps({"name": "Ada Lovelace", "task": "long sums"})},
        {"b.mustache": "{{name}}\n"},
        {"c.txt": "Sort the ticket by its language.\n"},
        {"d.py": 'GREETING = f"Help {name} with {task} and tell why."\n'},
        {
            CONFIGURATION: FILES[CONFIGURATION].replace(
                "a.j2, ", "a.j2, templates: {keep_trailing_newline: true}, "
            )
        },
        {CONFIGURATION: FILES[CONFIGURATION].replace("openai/gpt-4o", "openai/gpt-4")},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_nothing_that_is_kept_stands_for_something_else(
    folder: Path, changed: Repository, edit: dict[str, str]
) -> None:
    review(changed)
    (changed.path / next(iter(edit))).write_text(next(iter(edit.values())))
    known = len(entries(folder))
    assert review(changed, "--worktree") == review(changed, "--worktree", "--no-cache")
    assert len(entries(folder)) > known


def flipped(entry: Path) -> None:
    data = bytearray(entry.read_bytes())
    data[-1] ^= 1
    entry.write_bytes(data)


def torn(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes()[:-3])


def linked(entry: Path) -> None:
    other = entry.with_name("elsewhere")
    shutil.copyfile(entry, other)
    entry.unlink()
    entry.symlink_to(other)


def well_formed(entry: Path) -> None:
    """Whole by its digest, and yet no entry of ours."""
    data = b'{"not": "ours"}'
    entry.write_bytes(kept._digest(data) + data)  # noqa: SLF001 - how a whole entry begins


@pytest.mark.parametrize("spoil", [flipped, torn, linked, well_formed])
def test_what_is_spoilt_is_ignored(
    folder: Path, changed: Repository, spoil: Callable[[Path], None]
) -> None:
    expected = review(changed)
    for entry in entries(folder):
        if entry.stat().st_size > len(kept._digest(b"")):  # noqa: SLF001 - what says nothing
            spoil(entry)
    assert review(changed) == expected


def test_a_folder_of_another_user_is_not_used(
    folder: Path, changed: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir(parents=True, mode=0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 4_242)
    assert review(changed).code == 0
    assert entries(folder) == []


def test_a_linked_folder_is_not_used(folder: Path, changed: Repository, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir(mode=0o700)
    folder.parent.mkdir(parents=True)
    folder.symlink_to(target)
    assert review(changed).code == 0
    assert entries(target) == []


def test_a_folder_that_others_may_open_is_not_used(folder: Path, changed: Repository) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    assert review(changed).code == 0
    assert entries(folder) == []


def test_where_nothing_can_be_kept_the_review_is_the_same(
    folder: Path, changed: Repository
) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("no folder")
    assert review(changed) == review(changed, "--no-cache")


def test_others_can_read_nothing(folder: Path, changed: Repository) -> None:
    review(changed)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {entry.stat().st_mode & 0o777 for entry in entries(folder)} == {0o600}


def test_problems_are_not_kept(folder: Path, repository: Repository) -> None:
    files = {CONFIGURATION: configuration({"w": workflow("a.j2", samples="s/*.json")})}
    repository.commit(files | {"a.j2": "{{ name }}\n", "s/s.json": '{"name": "x"}'})
    repository.branch("work")
    repository.commit({"a.j2": "{{ nobody }}\n"})
    first = review(repository)
    assert first.code == 3
    assert review(repository) == first == review(repository, "--no-cache")
    assert folder.exists()


@pytest.mark.parametrize(
    ("option", "environment", "wanted"),
    [
        (None, {}, True),
        (None, {"CI": "true"}, False),
        (None, {"CI": "false"}, True),
        (None, {"GITHUB_ACTIONS": "true"}, False),
        (None, {"REVIEWBOT_CACHE": "0"}, False),
        (None, {"REVIEWBOT_CACHE": "1", "CI": "true"}, True),
        (False, {"REVIEWBOT_CACHE": "1"}, False),
        (True, {"REVIEWBOT_CACHE": "0", "CI": "true"}, True),
    ],
)
def test_ci_is_without_unless_somebody_says_so(
    option: bool | None,  # noqa: FBT001
    environment: dict[str, str],
    wanted: bool,  # noqa: FBT001
) -> None:
    assert _is_wanted(option, environment) is wanted


def test_the_variable_says_yes_or_no() -> None:
    with pytest.raises(UsageError, match="set it to 0 or 1"):
        _is_wanted(None, {"REVIEWBOT_CACHE": "maybe"})


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[FolderCache]:
    with FolderCache(lambda: str(tmp_path / "kept")) as cache:
        yield cache


def test_what_is_not_saved_is_dropped(opened: FolderCache, tmp_path: Path) -> None:
    opened.put(b"data", b"key")
    assert opened.get(b"key") is None
    opened.__exit__()
    assert entries(tmp_path / "kept") == []


def test_the_oldest_entries_go_first(
    opened: FolderCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_BYTES", 100)
    for number, key in enumerate((b"a", b"b", b"c")):
        opened.put(b"x" * 34, key)
        opened.save()
        for entry in entries(tmp_path / "kept"):
            if entry.stat().st_mtime > 1_000:
                os.utime(entry, (number, number))
    assert [opened.get(key) is None for key in (b"a", b"b", b"c")] == [True, False, False]


def test_what_a_killed_review_leaves_behind_goes(opened: FolderCache, tmp_path: Path) -> None:
    opened.put(b"first", b"first")
    opened.save()
    left = tmp_path / "kept" / "new-left"
    left.write_bytes(b"half")
    os.utime(left, (1, 1))
    opened.put(b"second", b"second")
    opened.save()
    assert not left.exists()
    assert opened.get(b"first") == b"first"


def test_two_reviews_may_write_the_same(tmp_path: Path) -> None:
    place = str(tmp_path / "kept")
    with FolderCache(lambda: place) as one, FolderCache(lambda: place) as other:
        for cache in (one, other):
            cache.put(b"same", b"key")
        one.save()
        assert other.get(b"key") == b"same"
        other.save()
        assert one.get(b"key") == b"same"


def test_keys_are_told_apart_by_their_parts(opened: FolderCache) -> None:
    opened.put(b"data", b"ab", b"c")
    opened.save()
    assert opened.get(b"a", b"bc") is None
    assert NO_CACHE.get(b"ab", b"c") is None


def test_another_version_of_a_library_finds_nothing(
    opened: FolderCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.put(b"data", b"key")
    opened.save()
    (tmp_path / "site" / "jinja2-99.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    with FolderCache(lambda: str(tmp_path / "kept")) as later:
        assert later.get(b"key") is None


def test_slow_templates_draw_on_the_time_for_them_each_time(opened: FolderCache) -> None:
    from reviewbot.allowance import Allowance
    from reviewbot.measurement.locally_cached_texts import CachedTexts
    from reviewbot.rendering.jobs import Job

    slow = "{% for i in range(90000) %}{{ i.x.y if false }}{% endfor %}done"
    job = Job(
        engine="jinja",
        path="a.j2",
        text=slow,
        first_line=1,
        variables=("{}",),
        load=lambda *_: None,
        includes={},
    )
    texts = CachedTexts(opened, Allowance())
    limits = Limits(step_seconds=10)
    with RenderingProcess(limits) as process:
        (given,) = texts.rendered([[job]], process) or [()]
        taken = process.spending.computed_slowly
    opened.save()
    assert taken > 0
    assert texts.get([job], RenderingProcess(limits)) == given
    spent = RenderingProcess(Limits(step_seconds=10, slow_seconds=taken / 2))
    assert texts.get([job], spent) == given
    assert spent.is_used_up
    assert texts.get([job], spent) is None


def test_kept_texts_count_as_rendered_ones(opened: FolderCache) -> None:
    from reviewbot.allowance import Allowance
    from reviewbot.measurement.locally_cached_texts import CachedTexts
    from reviewbot.rendering.jobs import Job

    job = Job(
        engine="string-template",
        path="a.txt",
        text="$x" * 5,
        first_line=1,
        variables=('{"x": "ab"}',),
        load=lambda *_: None,
        includes={},
    )
    with RenderingProcess() as process:
        CachedTexts(opened, Allowance()).rendered([[job]], process)
    opened.save()
    enough = Allowance(characters=15)
    texts = CachedTexts(opened, enough)
    assert texts.get([job], RenderingProcess()) is not None
    assert texts.get([job], RenderingProcess()) is None
    assert not enough.is_used_up
