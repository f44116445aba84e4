"""All variables that a sample lacks are told at once, in every language."""

from typing import Any

import pytest

from reviewbot.prompt import UndefinedVariableError
from reviewbot.rendering.engines import by_name
from reviewbot.rendering.undefined import all_undefined, told
from tests.rendering.test_rendering_child import Wire, request

TEMPLATES = {
    "jinja": "{{ a }}\n{% for x in b %}{{ x.c }}{% endfor %}\n{{ d.e.f }} {{ g | upper }} {{ given }}",
    "str-format": "{a}\n{b}\n{d.e[f]} {g:>10} {given}",
    "mustache": "{{a}}\n{{#b}}{{c}}{{/b}}\n{{d}} {{g}} {{given}}",
    "handlebars": "{{a}}\n{{#each b}}{{c}}{{/each}}\n{{d.e}} {{g}} {{given}}",
    "string-template": "$a\n$b\n$d $g $given",
    "github-models": "{{a}}\n{{b}}\n{{d}} {{g}} {{given}}",
}


def undefined(engine: str, text: str, **variables: Any) -> list[str]:
    template = by_name(engine).compile_template(
        text, name="p", load=lambda *_: None, undefined="error", options={}
    )
    with pytest.raises(UndefinedVariableError) as ended:
        template.render(variables)
    found = all_undefined(template, variables, ended.value)
    return [error.name.partition(".")[0] for error in found]


@pytest.mark.parametrize("engine", TEMPLATES)
def test_every_variable_is_named_once(engine: str) -> None:
    assert undefined(engine, TEMPLATES[engine], given="x") == ["a", "b", "d", "g"]


def test_another_fault_behind_them_ends_the_search() -> None:
    assert undefined("jinja", "{{ a }} {{ b + 1 }} {{ c }}") == ["a", "b"]


def test_a_variable_that_stays_undefined_ends_the_search() -> None:
    assert undefined("str-format", "{a} {given.inner} {c}", given={"x": 1}) == ["a", "given"]


def test_many_are_cut_at_a_bound() -> None:
    text = " ".join(f"{{v{number}}}" for number in range(200))
    assert 1 <= len(undefined("str-format", text)) <= 50


def test_the_lines_are_those_of_the_file() -> None:
    wire = Wire(request("{{ a }} {{ b }}\n\n{{ c }}", first_line=10))
    wire.server.serve()
    (message,) = wire.said()
    assert message == {
        "results": [
            {
                "what": "'a', 'b' and 'c' (line 12) are undefined",
                "mend": "add the variables to the samples, or correct their names",
                "undefined": True,
                "path": "p.j2",
                "line": 10,
            }
        ]
    }


def test_a_variable_of_an_included_file_is_told_there() -> None:
    errors = [UndefinedVariableError("a", 1, path="p"), UndefinedVariableError("b", 3, path="q")]
    assert told(errors)[0] == "'a' and 'b' (q:3) are undefined"
