"""The rendering process itself: real processes, real attacks."""

import contextlib
import io
import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompt import LoadedFile as Loaded
from reviewbot.rendering.child import Server
from reviewbot.rendering.jobs import Job, Load, Rendered
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits
from reviewbot.rendering.wire import HEADER, pack, unpack
from tests.support.hostile_templates import ESCAPES, TIME_AND_MEMORY

STRICT = Limits(wall_seconds=0.4, memory_bytes=256 * 1024 * 1024, slow_seconds=1_000.0)
INCLUDED = {
    "self.j2": "{% include 'self.j2' %}{% extends 'self.j2' %}",
    "a.j2": "{% include 'b.j2' %}",
    "b.j2": "{% include 'a.j2' %}{% include 'a.j2' %}",
}


def nothing(name: str, parent: str) -> Loaded | None:
    del name, parent
    return None


def bombs(name: str, parent: str) -> Loaded | None:
    del parent
    return Loaded(path=name, text=INCLUDED[name]) if name in INCLUDED else None


def job(text: str, *variables: object, load: Load = nothing) -> Job:
    return Job(
        engine="jinja",
        path="p.j2",
        text=text,
        first_line=1,
        variables=tuple(json.dumps(item) for item in variables or ({},)),
        load=load,
    )


def texts(process: RenderingProcess, *jobs: Job) -> list[list[str | Problem]]:
    return [
        [item.text if isinstance(item, Rendered) else item for item in results]
        for results in process.render(jobs)
    ]


def only(process: RenderingProcess, work: Job) -> str | Problem:
    ((result,),) = texts(process, work)
    return result


@pytest.fixture(scope="module")
def shared() -> Iterator[RenderingProcess]:
    with RenderingProcess(STRICT) as process:
        yield process


def peak_kib(process: RenderingProcess) -> int:
    child = process._channel._process  # noqa: SLF001 - the process itself is what is observed
    if child is None:
        return 0
    status = Path(f"/proc/{child.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


@pytest.mark.parametrize("name", TIME_AND_MEMORY)
def test_an_attack_on_time_or_memory_is_contained(shared: RenderingProcess, name: str) -> None:
    began = time.monotonic()
    result = only(shared, job(TIME_AND_MEMORY[name], load=bombs))
    assert time.monotonic() - began < 4
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
        assert first[1].what == "rendering takes more than 0.4 s"
        assert first[1].place == Place(file="p.j2", line=1)
        assert first[2] == "3"
        assert (second, after) == (["4"], ["5"])
        assert process.starts == 3


def test_a_template_that_cannot_be_compiled_fails_for_all_its_sets() -> None:
    with RenderingProcess(Limits(wall_seconds=0.3)) as process:
        slow = "{{ 1 }}" * 100_000
        (results,) = texts(process, job(slow, {}, {}, {}))
        assert [isinstance(result, Problem) for result in results] == [True] * 3
        assert process.starts == 2
        assert only(process, job("ok {{ 1 }}")) == "ok 1"


def test_slow_templates_share_an_allowance() -> None:
    slow = job("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}")
    with RenderingProcess(Limits(wall_seconds=0.2, slow_seconds=0.5)) as process:
        began = time.monotonic()
        results = texts(process, *[slow] * 40)
        assert time.monotonic() - began < 3
    said = [result.what for (result,) in results if isinstance(result, Problem)]
    assert len(said) == 40
    assert said[0] == "rendering takes more than 0.2 s"
    assert said[-1] == "the time that a review has for slow templates is used up"


def test_one_start_for_a_thousand_renderings() -> None:
    with RenderingProcess() as process:
        results = texts(process, *[job("{{ n }} {{ n }}", {"n": n}) for n in range(1_000)])
        assert results == [[f"{n} {n}"] for n in range(1_000)]
        assert process.starts == 1


def test_a_process_that_is_killed_from_outside_is_replaced() -> None:
    with RenderingProcess() as process:
        assert only(process, job("{{ 1 }}")) == "1"
        child = process._channel._process  # noqa: SLF001 - likewise
        assert child is not None
        child.send_signal(signal.SIGKILL)
        assert only(process, job("{{ 2 }}")) == "2"
        assert process.starts == 2


def test_a_process_that_stops_reading_is_replaced() -> None:
    with RenderingProcess(Limits(wall_seconds=0.3)) as process:
        assert only(process, job("{{ 1 }}")) == "1"
        child = process._channel._process  # noqa: SLF001 - likewise
        assert child is not None
        child.send_signal(signal.SIGSTOP)
        large = {"text": "x" * 1_000_000}
        assert only(process, job("{{ text|length }}", large)) == "1000000"
        assert process.starts == 2


def test_more_in_both_directions_than_the_pipes_hold() -> None:
    with RenderingProcess() as process:
        work = [job("{{ text }}{{ n }}", {"text": "é" * 300_000, "n": n}) for n in range(60)]
        results = texts(process, *work)
        assert results == [["é" * 300_000 + str(n)] for n in range(60)]
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
        child = process._channel._process  # noqa: SLF001 - likewise
        assert child is not None
        about = Path(f"/proc/{child.pid}")
        assert about.joinpath("environ").read_bytes() == b""
        assert os.readlink(about / "cwd") == "/"
        limits = about.joinpath("limits").read_text()
        soft = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
        assert soft["Max address space"] == str(384 * 1024 * 1024)
        assert soft["Max file size"] == "0"
        assert soft["Max core file size"] == "0"
        assert soft["Max processes"] == "0"
        assert soft["Max cpu time"] != "unlimited"
        links = [os.readlink(about / "fd" / name) for name in os.listdir(about / "fd")]
        assert all(link.startswith(("pipe:", "/dev/null")) for link in links)


def test_the_process_ends_with_its_context() -> None:
    with RenderingProcess() as process:
        assert only(process, job("{{ 1 }}")) == "1"
        child = process._channel._process  # noqa: SLF001 - likewise
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


@given(st.text(max_size=200), st.dictionaries(st.sampled_from("abc"), st.text(max_size=5)))
@settings(max_examples=150, deadline=None)
def test_any_text_is_rendered_or_refused(text: str, variables: dict[str, str]) -> None:
    result = only(FUZZED, job("{{ a }}" + text, variables))
    assert isinstance(result, str | Problem)


@given(
    st.lists(
        st.sampled_from(
            [
                "{{",
                "}}",
                "{%",
                "%}",
                "{#",
                "#}",
                "a",
                " ",
                ".",
                "|",
                "for",
                "in",
                "if",
                "else",
                "endfor",
                "endif",
                "set",
                "=",
                "macro",
                "endmacro",
                "(",
                ")",
                "[",
                "]",
                "'",
                '"',
                "1",
                "+",
                "*",
                "-",
                "include",
                "block",
                "endblock",
                "raw",
                "endraw",
                "loop",
                "~",
                "range",
                "\n",
            ]
        ),
        max_size=25,
    ).map(" ".join)
)
@settings(max_examples=200, deadline=None)
def test_any_tangle_of_tags_is_rendered_or_refused(text: str) -> None:
    assert isinstance(only(FUZZED, job(text, {"a": "x"})), str | Problem)


FUZZED = RenderingProcess(Limits(wall_seconds=0.5, slow_seconds=1_000.0))


@pytest.fixture(scope="module", autouse=True)
def _end_the_fuzzed_process() -> Iterator[None]:
    yield
    FUZZED.__exit__()


class Wire:
    """The child's server on streams of this process, so that its own logic is seen at work."""

    def __init__(self, *messages: object, output_characters: int = 1_000) -> None:
        requests = io.BytesIO(b"".join(map(pack, messages)))
        self.answers = io.BytesIO()
        self.server = Server(requests, self.answers, output_characters)

    def sent(self) -> list[object]:
        data = self.answers.getvalue()
        messages = []
        while data:
            size = HEADER.unpack(data[: HEADER.size])[0]
            messages.append(unpack(data[HEADER.size : HEADER.size + size]))
            data = data[HEADER.size + size :]
        return messages

    def said(self) -> list[object]:
        """What was sent but for empty results, which say that a slow step is done."""
        return [message for message in self.sent() if message != {"results": []}]


def request(text: str, **more: object) -> dict[str, object]:
    return {
        "job": True,
        "task": "render",
        "options": "",
        "engine": "jinja",
        "path": "p.j2",
        "text": text,
        "first_line": 1,
        "is_in_lines": True,
        "forget": False,
        "define": {0: "{}"},
        "variables": [0],
        "undefined": "error",
        "careful": False,
        **more,
    }


def test_the_server_answers_jobs_that_arrive_while_it_waits_for_a_file() -> None:
    wire = Wire(
        request("{% include 'a' %}!"),
        request("{{ 2 }}"),
        {"loaded": {"path": "x/a", "text": "{% include 'b' ignore missing %}A"}},
        {"loaded": None},
    )
    wire.server.serve()
    wire.server.serve()
    assert wire.said() == [
        {"load": "a", "parent": "p.j2"},
        {"load": "b", "parent": "x/a"},
        {"results": [{"text": "A!", "constant": {"characters": 0, "path": "x/a", "line": 1}}]},
        {"results": [{"text": "2", "constant": VARIES}]},
    ]
    with pytest.raises(EOFError):
        wire.server.serve()


VARIES = {"characters": 0, "path": "p.j2", "line": 1}


def test_the_server_says_each_step_when_it_is_careful() -> None:
    wire = Wire(request("{{ 1 }}", careful=True, variables=[0, 0]))
    wire.server.serve()
    assert wire.sent() == [
        {"results": []},
        {"results": [{"text": "1", "constant": VARIES}]},
        {"results": [{"text": "1", "constant": VARIES}]},
    ]


def test_the_server_forgets_variables() -> None:
    wire = Wire(request("{{ 1 }}"), request("{{ 1 }}", forget=True, define={}))
    wire.server.serve()
    with pytest.raises(KeyError):
        wire.server.serve()


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("\n{{ nam }}", "'nam' is undefined", 12),
        (
            "\n\n{% if %}",
            "the template's syntax is wrong: Expected an expression, got 'end of statement block'",
            13,
        ),
        ("{{ 1 / 0 }}", "ZeroDivisionError: division by zero", 11),
        ("{% include 'x' %}", "the included file 'x' was not found", 11),
        ("{{ 'x' * 2000 }}", "the rendering has more than 1,000 characters", None),
        (
            "{{ [1].append }}",
            "the template prints an object of the engine, <built-in method append of list object>",
            None,
        ),
        ("{{ [1, 2]|random }}", "ValueError: random and lipsum give another text each time", 11),
        ("{{ lipsum() }}", "ValueError: random and lipsum give another text each time", 11),
        (
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "the template calls or includes itself too deep",
            11,
        ),
    ],
)
def test_the_server_says_what_is_wrong_and_where(text: str, what: str, line: int | None) -> None:
    wire = Wire(request(text, first_line=11), {"loaded": None})
    wire.server.serve()
    (answer,) = (message for message in wire.sent() if "results" in message)  # type: ignore[operator]
    (result,) = answer["results"]  # type: ignore[index]
    assert result["what"] == what
    assert result.get("line") == line
    assert result["mend"]


def test_memory_that_runs_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(*_: object, **__: object) -> str:
        raise MemoryError

    monkeypatch.setattr(jinja2.Template, "render", greedy)
    wire = Wire(request("{{ 1 }}"))
    wire.server.serve()
    assert "more memory than it may" in str(wire.sent())


def test_an_address_that_the_prompt_itself_contains_is_text() -> None:
    wire = Wire(request("{{ 1 }} <function f at 0x7f1234567890>"))
    wire.server.serve()
    assert wire.said() == [
        {"results": [{"text": "1 <function f at 0x7f1234567890>", "constant": VARIES}]}
    ]


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
