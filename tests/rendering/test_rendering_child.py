"""What the rendering process itself does with each job, run in this process."""

import io
from collections.abc import Mapping
from typing import Any

import jinja2
import pytest

from reviewbot.rendering.child import Server
from reviewbot.rendering.conversation import message
from reviewbot.rendering.jobs import Job
from reviewbot.rendering.sent_variables import Sent
from reviewbot.rendering.wire import HEADER, pack, unpack
from reviewbot.tokens import Counter, stable_part


class Wire:
    """The child's server on streams of this process, so that its own logic is seen at work."""

    def __init__(self, *messages: object, output_characters: int = 1_000) -> None:
        requests = io.BytesIO(b"".join(map(pack, messages)))
        self.answers = io.BytesIO()
        limits = {"output_characters": output_characters, "step_seconds": 10}
        self.server = Server(requests, self.answers, limits)

    def sent(self) -> list[object]:
        """What was sent, but for the seconds that go with each message."""
        data = self.answers.getvalue()
        messages = []
        while data:
            size = HEADER.unpack(data[: HEADER.size])[0]
            message = unpack(data[HEADER.size : HEADER.size + size])
            assert message.pop("seconds") > 0
            assert message.pop("counting_seconds") >= 0
            messages.append(message)
            data = data[HEADER.size + size :]
        return messages

    def said(self) -> list[object]:
        """What was sent but for empty results, which say that a slow step is done."""
        return [message for message in self.sent() if message != {"results": []}]


def request(
    text: str,
    *,
    first_line: int = 1,
    forget: bool = False,
    define: Mapping[int, str] | None = None,
    marked: str = "",
    careful: bool = False,
    counted: str = "",
) -> dict[str, Any]:
    """What a process is told of a job with the variables of number 0."""
    job = Job(
        engine="jinja",
        path="p.j2",
        text=text,
        first_line=first_line,
        variables=(),
        load=lambda *_: None,
        marked=marked,
        counted=counted,
    )
    sent = Sent(forget=forget, define={0: "{}"} if define is None else define, numbers=[0])
    return message(job, sent, careful=careful)


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
    wire = Wire(request("{{ 1 }}", careful=True) | {"variables": [0, 0]})
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
            "a value is missing before `%}`",
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
    (answer,) = wire.said()[-1:]
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


@pytest.mark.parametrize(
    ("marked", "marks"),
    [("H\U000f0000i {{ a }}", [0]), ("H\U000f0000i {{ a }}{% set b %}{% endset %}", None)],
)
def test_the_server_tells_what_of_a_marked_template_is_printed(
    marked: str, marks: list[int] | None
) -> None:
    wire = Wire(request("Hi {{ a }}", define={0: '{"a": 1}'}, marked=marked))
    wire.server.serve()
    constant = {"characters": 3, "path": "p.j2", "line": 1}
    told = {} if marks is None else {"marks": marks}
    assert wire.said() == [{"results": [{"text": "Hi 1", "constant": constant, **told}]}]


def test_what_a_parser_raises_is_told_as_its_own_fault() -> None:
    wire = Wire(request("no JSON") | {"task": "parse", "engine": "python_forms", "is_alone": True})
    wire.server.serve()
    (answer,) = wire.sent()
    (told,) = answer["results"]  # type: ignore[index]
    assert told["what"].startswith("a fault of reviewbot itself: it cannot read `p.j2` (JSON")
    assert "correct the template" not in told["mend"]


@pytest.mark.parametrize(
    ("text", "encoding", "tokens"),
    [
        ("Hello, world!\n- one\n- two\n", "o200k_base", 9),
        ("Hello, world!", "cl100k_base", 4),
        ("Hello, world!", "p50k_base", None),
        ("\u65e5\u672c", "o200k_base", None),
        ("word " * 5_000, "o200k_base", None),
        ("x" * 65, "o200k_base", None),
    ],
)
def test_tokens_come_with_a_text_where_they_can_be_told_at_once(
    text: str, encoding: str, tokens: int | None
) -> None:
    wire = Wire(request(text, counted=encoding), output_characters=100_000)
    wire.server.serve()
    ((answer,),) = [message["results"] for message in wire.said()]  # type: ignore[index]
    assert answer.get("tokens") == tokens


def test_the_tokens_of_what_every_call_begins_with_come_with_the_first_text() -> None:
    text = "Hello, world!\nYou help {{ name }}.\n"
    samples = {1: '{"name": "Ann"}', 2: '{"name": "Bo"}'}
    wire = Wire(request(text, counted="o200k_base", define=samples) | {"variables": [1, 2]})
    wire.server.serve()
    first, second = [item for message in wire.said() for item in message["results"]]  # type: ignore[index]
    stable = stable_part("Hello, world!\nYou help ")
    counter = Counter()
    assert first["beginning_tokens"] == counter.count(stable, "o200k_base") == 5
    assert "beginning_tokens" not in second
