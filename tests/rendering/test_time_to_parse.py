"""The time for one text is that of the processor: a busy machine reads what an idle one reads."""

import os
import signal
import threading

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.rendering.parsing_process import ParsingProcess
from reviewbot.rendering.resource_limits import Limits

SHORT = "export const sortPrompt = `You sort parcels.`;"
LONG = "const a = [" + "f(x => ({y: [x, 1]})), " * 40_000 + "];"
PARSER = "typescript_source.javascript"


def process(**limits: float) -> ParsingProcess:
    return ParsingProcess(Limits(only_parses=True, **limits))  # type: ignore[arg-type]


def pid_of(running: ParsingProcess) -> int:
    found = running._conversation._channel._process  # noqa: SLF001 - to stop it from outside
    assert found is not None
    return found.pid


def test_a_text_that_computes_too_long_is_left_out_and_the_next_one_read() -> None:
    with process(wall_seconds=20, step_seconds=0.4, slow_seconds=5) as running:
        with pytest.raises(MeasurementError) as ended:
            running.parse(PARSER, LONG, path="a.js")
        (problem,) = ended.value.problems
        assert problem.what == "reading the source takes more than 0.4 s of the processor"
        assert "name a built file in `coverage.ignore`" in problem.mend
        assert running.parse(PARSER, SHORT, path="b.js")
        assert running.starts == 2
        assert not running.is_used_up


def test_time_in_which_nothing_is_computed_does_not_count() -> None:
    with process(wall_seconds=20, step_seconds=0.3) as running:
        assert running.parse(PARSER, SHORT, path="a.js")
        os.kill(pid_of(running), signal.SIGSTOP)
        threading.Timer(0.6, os.kill, (pid_of(running), signal.SIGCONT)).start()
        assert running.parse(PARSER, SHORT, path="b.js")
        assert running.starts == 1


def test_a_process_that_waits_for_ever_is_ended_by_the_clock() -> None:
    with process(wall_seconds=0.3, step_seconds=0.2, slow_seconds=0.2) as running:
        running.start()
        running._conversation.wait_until_ready()  # noqa: SLF001 - likewise
        os.kill(pid_of(running), signal.SIGSTOP)
        with pytest.raises(MeasurementError):
            running.parse(PARSER, SHORT, path="b.js")
        assert running.is_used_up


def test_a_text_that_a_fresh_process_can_read_is_waited_for_no_longer_than_that() -> None:
    with process(wall_seconds=3, step_seconds=1) as running:
        assert running.parse(PARSER, SHORT, path="a.js")
        os.kill(pid_of(running), signal.SIGKILL)
        assert running.parse(PARSER, SHORT, path="b.js")
        assert running.starts == 2


def test_each_text_has_the_whole_time() -> None:
    with process(wall_seconds=20, step_seconds=0.5, slow_seconds=20) as running:
        for number in range(10):
            assert running.parse(PARSER, f"{LONG[:6_900]}]; // {number}", path=f"{number}.js")
        assert running.starts == 1
