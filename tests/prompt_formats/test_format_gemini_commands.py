"""Commands of Gemini CLI: the prompt, files put into it, and what only the shell could tell."""

import pytest
from msgspec.structs import replace

from reviewbot.errors import MeasurementError
from reviewbot.prompt import LoadedFile, MessageTemplate, Surroundings
from reviewbot.prompt_formats import gemini_commands
from tests.support.compiling import fill
from tests.support.reading import HERE, read

PATH = ".gemini/commands/git/commit.toml"
FILES = {"docs/style.md": "Be {brief}.\n"}


def load(name: str, parent: str) -> LoadedFile | None:
    assert parent == PATH
    return LoadedFile(path=name, text=FILES[name]) if name in FILES else None


def prompt(text: str) -> MessageTemplate:
    around: Surroundings = replace(HERE, load=load)
    (message,) = read(gemini_commands, text, path=PATH, surroundings=around).messages
    return message


def test_the_prompt_is_one_message() -> None:
    message = prompt('description = "x"\nprompt = """\nFirst\nsecond\n"""\n')
    assert message == MessageTemplate(role="user", text="First\nsecond\n", line=3)


@pytest.mark.parametrize(
    ("said", "variables", "sent"),
    [
        ("Fix {{args}} now, {{args}}.", {"args": "a & b"}, "Fix a & b now, a & b."),
        ("Diff: !{git diff --staged}", {"!git diff --staged": "+x"}, "Diff: +x"),
        ("!{grep -r {{args}} .}", {"!grep -r args .": "found"}, "found"),
        ("Style: @{docs/style.md}", {}, "Style: Be {brief}.\n"),
        (
            "No {placeholders}, no $names, {{ not one }}",
            {" not one ": "1"},
            "No {placeholders}, no $names, 1",
        ),
    ],
)
def test_what_is_put_in(said: str, variables: dict[str, str], sent: str) -> None:
    message = prompt(f"prompt = '''{said}'''")
    text = message.text
    assert sent == (fill(message.engine, text, variables) if message.engine else text)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("description = 'x'", 1, "has no `prompt`"),
        ("\nprompt = 5", 2, "is no text"),
        ("prompt = ", 1, ""),
        ('prompt = """\na\n@{src/}\n"""', 3, "`@{src/}` is no file"),
        ("prompt = '@{{{args}}}'", 1, "`@{{{args}}}` is no file"),
        ("prompt = '@{../../etc/passwd}'", 1, "is no file"),
    ],
)
def test_what_is_wrong_is_named_at_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        prompt(text)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == (PATH, line)


@pytest.mark.parametrize("piece", ["!{", "@{", "{{args}}", "!{a", "!{{{args}}", "}"])
def test_unclosed_tags_take_no_time(piece: str) -> None:
    assert prompt(f"prompt = '{piece * 20_000}'").text
