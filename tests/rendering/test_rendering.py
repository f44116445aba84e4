"""The rendering process contains attacks, and serves honest templates."""

import contextlib
import json
import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompt import LoadedFile as Loaded
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits
from reviewbot.rendering.wire import HEADER
from tests.support.compiling import STRICT
from tests.support.hostile_templates import ESCAPES, TIME_AND_MEMORY
from tests.support.jobs import job, only, texts
from tests.support.processor_time import processor_seconds
from tests.support.rendering_processes import processes_of_their_own
from tests.support.repetitions import part

INCLUDED = {
    "self.j2": "{% include 'self.j2' %}{% extends 'self.j2' %}",
    "a.j2": "{% include 'b.j2' %}",
    "b.j2": "{% include 'a.j2' %}{% include 'a.j2' %}",
}


def bombs(name: str, parent: str) -> Loaded | None:
    del parent
    return Loaded(path=name, text=INCLUDED[name]) if name in INCLUDED else None


@pytest.fixture(autouse=True)
def _each_process_is_new() -> Iterator[None]:
    with processes_of_their_own():
        yield


@pytest.fixture(scope="module")
def shared() -> Iterator[RenderingProcess]:
    with RenderingProcess(STRICT) as process:
        yield process


def peak_kib(process: RenderingProcess) -> int:
    child = process._conversation._channel._process  # noqa: SLF001 - the process itself is what is observed
    if child is None:
        return 0
    status = Path(f"/proc/{child.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


# all of them are in one review in tests/house/test_hostile_review.py
@pytest.mark.parametrize("name", part(list(TIME_AND_MEMORY)))
def test_an_attack_on_time_or_memory_is_contained(shared: RenderingProcess, name: str) -> None:
    began = processor_seconds()
    result = only(shared, job(TIME_AND_MEMORY[name], load=bombs))
    assert processor_seconds() - began < 4
    if isinstance(result, Problem):
        assert result.place is not None
        assert result.place.file in {"p.j2", *INCLUDED}
        assert result.place.line is not None
        assert result.what
        assert result.mend
    else:
        assert len(result) <= STRICT.output_characters
    assert peak_kib(shared) * 1024 <= STRICT.memory_bytes
    assert only(shared, job("{{ 6 * 7 }}")) == "42"


@pytest.mark.parametrize("name", ESCAPES)
def test_an_escape_shows_nothing(shared: RenderingProcess, name: str) -> None:
    result = only(shared, job(ESCAPES[name]))
    said = str(result)
    for secret in (
        "uid=",
        "root:",
        "<class",
        "subclasses",
        "__builtins__'",
        "module 'os'",
        "gi_frame",
    ):
        assert secret not in said or isinstance(result, Problem)
    assert isinstance(result, Problem) or result in {"", "[]"} or "0.__class__" not in ESCAPES[name]
    assert "/etc/passwd" not in said or isinstance(result, Problem)


def test_most_attacks_are_named_as_what_they_are(shared: RenderingProcess) -> None:
    def said(text: str) -> str:
        result = only(shared, job(text, load=bombs))
        assert isinstance(result, Problem)
        return result.what

    assert "more memory" in said("{{ 'a' * 10**9 }}")
    assert "more than 0.4 s" in said(
        "{% for i in range(99999) %}{{ '' * i ** 3 }}"
        "{% for j in range(99999) %}{% endfor %}{% endfor %}"
    )
    assert "too deep" in said("{% include 'self.j2' %}")
    assert "more than 2,000,000 characters" in said("{{ 'abc' * 999999 }}")
    assert "unsafe" in said("{{ ''.__class__.__mro__ }}")
    assert "Range too big" in said("{{ range(10**9) }}")
    assert "not found" in said("{% include '/etc/passwd' %}")


def test_a_set_that_hits_a_limit_does_not_stop_the_others() -> None:
    template = (
        "{% if bad %}{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}"
        "{% endfor %}{% endif %}{{ n }}"
    )
    sets = [{"n": 1, "bad": False}, {"n": 2, "bad": True}, {"n": 3, "bad": False}]
    with RenderingProcess(STRICT) as process:
        first, second, after = texts(
            process, job(template, *sets), job("{{ n }}", {"n": 4}), job("{{ n }}", {"n": 5})
        )
        assert first[0] == "1"
        assert isinstance(first[1], Problem)
        assert first[1].what == "rendering takes more than 0.4 s of the processor"
        assert first[1].place == Place(file="p.j2", line=1)
        assert first[2] == "3"
        assert (second, after) == (["4"], ["5"])
        assert process.starts == 3


def test_a_template_that_cannot_be_compiled_fails_for_all_its_sets() -> None:
    with RenderingProcess(Limits(step_seconds=0.3)) as process:
        slow = "{{ 1 }}" * 100_000
        (results,) = texts(process, job(slow, {}, {}, {}))
        assert [isinstance(result, Problem) for result in results] == [True] * 3
        assert process.starts == 2
        assert only(process, job("ok {{ 1 }}")) == "ok 1"


def test_slow_templates_share_an_allowance() -> None:
    slow = job("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}")
    with RenderingProcess(Limits(step_seconds=0.2, slow_seconds=0.5)) as process:
        began = processor_seconds()
        results = texts(process, *[slow] * 40)
        assert processor_seconds() - began < 3
    said = [result.what for (result,) in results if isinstance(result, Problem)]
    assert len(said) == 40
    assert said[0] == "rendering takes more than 0.2 s of the processor"
    used_up = "the time that a review has for slow templates is used up"
    assert said[-1] == f"{used_up}, most of it by {slow.path}"
    (last,) = results[-1]
    assert isinstance(last, Problem)
    assert last.mend == f"simplify {slow.path}"


def test_one_start_for_a_thousand_renderings() -> None:
    with RenderingProcess() as process:
        results = texts(process, *[job("{{ n }} {{ n }}", {"n": n}) for n in range(1_000)])
        assert results == [[f"{n} {n}"] for n in range(1_000)]
        assert process.starts == 1


def test_a_process_that_is_killed_from_outside_is_replaced() -> None:
    with RenderingProcess() as process:
        assert only(process, job("{{ 1 }}")) == "1"
        child = process._conversation._channel._process  # noqa: SLF001 - likewise
        assert child is not None
        child.send_signal(signal.SIGKILL)
        assert only(process, job("{{ 2 }}")) == "2"
        assert process.starts == 2


def test_a_template_that_is_wrong_is_told_so_by_the_process_that_replaces_one() -> None:
    with RenderingProcess(Limits(wall_seconds=3)) as process:
        assert only(process, job("{{ 1 }}")) == "1"
        child = process._conversation._channel._process  # noqa: SLF001 - likewise
        assert child is not None
        child.send_signal(signal.SIGKILL)
        ((said,),) = process.render([job("{{ 2 }")])
        assert isinstance(said, Problem)
        assert "no result after" not in said.what


def test_a_busy_machine_renders_what_an_idle_one_renders() -> None:
    with RenderingProcess(Limits(slow_seconds=0.1)) as process:
        assert only(process, job("{{ 1 }}")) == "1"
        child = process._conversation._channel._process  # noqa: SLF001 - likewise
        assert child is not None
        child.send_signal(signal.SIGSTOP)
        threading.Timer(1.1, child.send_signal, (signal.SIGCONT,)).start()
        assert only(process, job("{{ 2 }}")) == "2"
        assert process.starts == 1
        assert not process.is_used_up


def test_a_process_that_stops_reading_is_replaced() -> None:
    with RenderingProcess(Limits(wall_seconds=0.3)) as process:
        assert only(process, job("{{ 1 }}")) == "1"
        child = process._conversation._channel._process  # noqa: SLF001 - likewise
        assert child is not None
        child.send_signal(signal.SIGSTOP)
        large = {"text": "x" * 1_000_000}
        assert only(process, job("{{ text|length }}", large)) == "1000000"
        assert process.starts == 2


def test_more_in_both_directions_than_the_pipes_hold() -> None:
    with RenderingProcess() as process:
        work = [job("{{ text }}{{ n }}", {"text": "é" * 300_000, "n": n}) for n in range(20)]
        results = texts(process, *work)
        assert results == [["é" * 300_000 + str(n)] for n in range(20)]
        assert process.starts == 1


def test_variables_of_one_rendering_are_not_anothers() -> None:
    template = "{% set _ = items.append(1) %}{{ items|length }}"
    with RenderingProcess() as process:
        same = json.dumps({"items": []})
        work = replace(job(template), variables=(same, same))
        assert texts(process, work, work) == [["1", "1"], ["1", "1"]]


def test_the_process_has_no_environment_and_strict_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    with RenderingProcess() as process:
        assert only(process, job("{{ 1 }}")) == "1"
        child = process._conversation._channel._process  # noqa: SLF001 - likewise
        assert child is not None
        about = Path(f"/proc/{child.pid}")
        assert about.joinpath("environ").read_bytes() == b""
        assert os.readlink(about / "cwd") == "/"
        limits = about.joinpath("limits").read_text()
        soft = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
        assert soft["Max address space"] == str(256 * 1024 * 1024)
        assert soft["Max file size"] == "0"
        assert soft["Max core file size"] == "0"
        assert soft["Max processes"] == "0"
        assert soft["Max cpu time"] != "unlimited"
        links = [os.readlink(about / "fd" / name) for name in os.listdir(about / "fd")]
        assert all(link.startswith(("pipe:", "/dev/null")) for link in links)


def test_the_process_ends_with_its_context() -> None:
    with RenderingProcess() as process:
        assert only(process, job("{{ 1 }}")) == "1"
        child = process._conversation._channel._process  # noqa: SLF001 - likewise
    assert child is not None
    assert child.returncode is not None


def test_included_files_are_limited_in_number_and_size() -> None:
    many = "".join(f"{{% include 'f{n}' %}}" for n in range(30))

    def small(name: str, parent: str) -> Loaded:
        del parent
        return Loaded(path=name, text="x")

    def large(name: str, parent: str) -> Loaded:
        del parent
        return Loaded(path=name, text="x" * 1_000)

    with RenderingProcess(Limits(loads=20, loaded_characters=10_000)) as process:
        for load in (small, large):
            result = only(process, job(many, load=load))
            assert isinstance(result, Problem)
            assert "includes more files or text" in result.what


def test_a_template_that_compiles_slowly_and_includes_what_is_refused_shifts_no_result() -> None:
    problem = Problem(what="a link", mend="name the file", place=Place(file="part.j2"))

    def refuse(name: str, parent: str) -> Loaded:
        del name, parent
        raise MeasurementError([problem])

    slow = "{% include 'part.j2' %}" + "{% if a %}{{ b }}{% endif %}" * 500
    with RenderingProcess() as process:
        jobs = [job(slow, {}, {"a": 1}, load=refuse), job("{{ 1 }}"), job("{{ 2 }}")]
        results = texts(process, *jobs)
    assert results == [[problem, problem], ["1"], ["2"]]


def test_why_an_included_file_cannot_be_read_is_said() -> None:
    problem = Problem(what="a link", mend="name the file", place=Place(file="part.j2"))

    def refuse(name: str, parent: str) -> Loaded:
        del name, parent
        raise MeasurementError([problem])

    with RenderingProcess() as process:
        assert only(process, job("{% include 'part.j2' %}", load=refuse)) == problem
        assert only(process, job("{% include 'part.j2' ignore missing %}", load=refuse)) == problem
        assert only(process, job("{{ 1 }}")) == "1"


def test_a_parser_that_rests_is_given_no_more_time() -> None:
    slow = "P = " + "a<" * 50_000 + "a"
    with LimitedParser(slow_seconds=0.01) as parser:
        with contextlib.suppress(MeasurementError):
            parser.parse("python-source", slow, "p.py")
        parser.rest()
        with pytest.raises(MeasurementError, match="is used up"):
            parser.parse("python-source", "P = 'a'", "p.py")


def test_lone_surrogates_pass_both_ways() -> None:
    with RenderingProcess() as process:
        assert only(process, job("{{ x }}\ud800", {"x": "\udfff"})) == "\udfff\ud800"


@pytest.mark.parametrize("reply", [b"\xff" * 8, HEADER.pack(3) + b"[1]", HEADER.pack(2) + b"no"])
def test_a_process_that_sends_nonsense_is_not_believed(
    reply: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f"import sys; sys.stdout.buffer.write({reply!r}); sys.stdout.flush(); sys.stdin.read()"
    monkeypatch.setattr("reviewbot.rendering.channel._START", script)
    with RenderingProcess(Limits(wall_seconds=0.3, slow_seconds=1.0)) as process:
        result = only(process, job("{{ 1 }}"))
    assert isinstance(result, Problem)


def test_many_threads_are_not_needed() -> None:
    before = threading.active_count()
    with RenderingProcess() as process:
        assert only(process, job("{{ 1 }}")) == "1"
        assert threading.active_count() == before


def test_limits_of_this_process_are_untouched() -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    assert sys.getrecursionlimit() >= 1_000
