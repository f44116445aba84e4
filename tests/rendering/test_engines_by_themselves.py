"""Engines without the process around them: the same references, and the largest reading."""

import json
from typing import Any

import pytest

from reviewbot.prompt import TemplateError
from reviewbot.rendering.engines.python_text.largest import largest_literal
from tests.prompt_formats.test_format_mustache import expected
from tests.support.compiling import compiled
from tests.support.places import REFERENCES
from tests.support.reviewing import tokens

HANDLEBARS = json.loads((REFERENCES / "handlebars.json").read_text("utf-8"))
MUSTACHE = json.loads((REFERENCES / "mustache.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("number", range(0, len(HANDLEBARS["cases"]), 20))
def test_handlebars_comes_out_as_handlebars_js_renders_it(number: int) -> None:
    for case in HANDLEBARS["cases"][number : number + 20]:
        partials = HANDLEBARS["partials"][case["partials"]]
        variables = HANDLEBARS["variables"][case["variables"]]

        def rendered(case: Any = case, partials: Any = partials, variables: Any = variables) -> str:
            return compiled(
                "handlebars",
                case["template"],
                files={f"{name}.hbs": text for name, text in partials.items()},
                undefined="empty",
                options={"escape": not case.get("noEscape")},
            ).render(json.loads(json.dumps(variables)))

        if case["rendered"] is None:
            with pytest.raises((TemplateError, RecursionError)):
                rendered()
        else:
            assert rendered() == case["rendered"], case


@pytest.mark.parametrize("number", range(0, len(MUSTACHE), 20))
def test_mustache_comes_out_as_mustache_js_renders_it(number: int) -> None:
    for case in MUSTACHE[number : number + 20]:
        partials = {f"{name}.mustache": text for name, text in case.get("partials", {}).items()}
        template = compiled("mustache", case["template"], files=partials)
        variables = {"missing": None, **case["variables"]}
        assert template.render(variables) == expected(case), case


CARE = f"Care. {tokens(30)}"
LARGEST = [
    ("jinja", f"{{% if a %}}{CARE}{{% endif %}}", CARE),
    ("jinja", f"{{% if a %}}x{{% else %}}{CARE}{{% endif %}}", CARE),
    ("jinja", f"{{% if a %}}x{{% elif b %}}{CARE}{{% else %}}y{{% endif %}}", CARE),
    ("jinja", f"{{% for x in xs %}}{CARE}{{% endfor %}}", CARE),
    ("jinja", f"{{% for x in xs %}}x{{% else %}}{CARE}{{% endfor %}}", CARE),
    ("jinja", f"{{% for k, v in t.items() %}}{{{{ k }}}}{CARE}{{% endfor %}}", CARE),
    ("jinja", f"{{% macro m(n) %}}{CARE}{{% endmacro %}}{{% if x %}}{{{{ m(1) }}}}{{% endif %}}", CARE),
    ("jinja", f"{{% set t %}}{CARE}{{% endset %}}{{% if x %}}{{{{ t }}}}{{% endif %}}", CARE),
    ("jinja", f"{{{{ '{CARE}' if x }}}}", CARE),
    ("jinja", f"{{{{ x or '{CARE}' }}}}", CARE),
    ("jinja", f"{{{{ x|default('{CARE}') }}}}", CARE),
    ("jinja", f"{{% if x is defined and x|length > 3 %}}{CARE}{{% endif %}}", CARE),
    ("jinja", f"{{% if a %}}{CARE}{{% if b %}}inner{{% endif %}}{{% endif %}}", "inner"),
    ("jinja", f"{{% filter upper %}}{{% if a %}}{CARE}{{% endif %}}{{% endfilter %}}", CARE.upper()),
    ("jinja", f"{{% with a = 1 %}}{{% if b %}}{CARE}{{% endif %}}{{% endwith %}}", CARE),
    ("jinja", f"{{% block b %}}{{% if a %}}{CARE}{{% endif %}}{{% endblock %}}", CARE),
    ("jinja", f"{{% macro m() %}}{{{{ caller() }}}}{{% endmacro %}}{{% call m() %}}{CARE}{{% endcall %}}", CARE),
    ("mustache", f"{{{{#a}}}}{CARE}{{{{/a}}}}", CARE),
    ("mustache", f"{{{{^a}}}}{CARE}{{{{/a}}}}", CARE),
    ("mustache", f"{{{{#a}}}}x{{{{#b}}}}{CARE}{{{{/b}}}}{{{{/a}}}}", CARE),
    ("mustache", f"{{{{#a}}}}x{{{{/a}}}}{{{{^a}}}}{CARE}{{{{/a}}}}", CARE),
    ("handlebars", f"{{{{#if a}}}}{CARE}{{{{/if}}}}", CARE),
    ("handlebars", f"{{{{#if a}}}}x{{{{else}}}}{CARE}{{{{/if}}}}", CARE),
    ("handlebars", f"{{{{#unless a}}}}{CARE}{{{{/unless}}}}", CARE),
    ("handlebars", f"{{{{#each xs}}}}{CARE}{{{{this}}}}{{{{/each}}}}", CARE),
    ("handlebars", f"{{{{#each xs}}}}x{{{{else}}}}{CARE}{{{{/each}}}}", CARE),
    ("handlebars", f"{{{{#with user}}}}{CARE}{{{{name}}}}{{{{/with}}}}", CARE),
    ("handlebars", f"{{{{#a}}}}{CARE}{{{{/a}}}}", CARE),
    ("handlebars", f"{{{{^a}}}}{CARE}{{{{/a}}}}", CARE),
]  # fmt: skip


@pytest.mark.parametrize(("engine", "text", "shown"), LARGEST)
def test_the_largest_reading_shows_what_a_branch_holds(engine: str, text: str, shown: str) -> None:
    template = compiled(engine, text, undefined="largest")
    assert shown in template.render({})


@pytest.mark.parametrize(
    ("engine", "text"),
    [
        ("jinja", f"{{% if a %}}{CARE}{{% else %}}short{{% endif %}}"),
        ("jinja", f"{{% if a %}}short{{% else %}}{CARE}{{% endif %}}"),
        ("handlebars", f"{{{{#if a}}}}short{{{{else}}}}{CARE}{{{{/if}}}}"),
        ("mustache", f"{{{{#a}}}}short{{{{/a}}}}{{{{^a}}}}{CARE}{{{{/a}}}}"),
    ],
)
def test_of_two_arms_the_larger_is_read_and_not_both(engine: str, text: str) -> None:
    shown = compiled(engine, text, undefined="largest").render({})
    assert CARE in shown
    assert engine == "mustache" or "short" not in shown


CHOSEN = {
    "'short' if a else 'a longer text'": "a longer text",
    "x or 'a default'": "a default",
    "'one ' + ('two' if a else 'three')": "one three",
    "{'a': 'short', 'b': 'much longer'}[key]": "much longer",
    "['a', 'three'][n]": "three",
    "f\"{'a' if x else 'abc'} and so on\"": "abc and so on",
    "name": "",
    "'broken": "",
}


@pytest.mark.parametrize("source", CHOSEN)
def test_a_python_expression_chooses_its_longest_text(source: str) -> None:
    assert largest_literal(source) == CHOSEN[source]


def test_handlebars_has_stubs_for_the_helpers_of_a_project() -> None:
    options = {
        "functions": {
            **{name: name for name in ("eq", "ne", "and", "or", "not", "join", "upper", "lower")},
            "wrap": "same",
            "today": {"value": "2026-11-24"},
            "toJSON": "json",
        },
        "globals": {"product": "Kettle"},
    }
    text = (
        "{{wrap x}} {{#wrap}}[{{x}}]{{/wrap}} {{today}} {{product}} {{{toJSON o}}} "
        "{{#if (eq x 'above')}}eq{{/if}} {{#eq n '1'}}eq{{else}}not{{/eq}} {{ne n 1}} "
        "{{#if (and x (not f))}}and{{/if}} {{#or f x}}or{{/or}} {{join l '; '}} {{upper x}} "
        "{{lower 'ABC'}}"
    )
    variables = {"x": "above", "n": 1, "f": False, "l": ["a", 2], "o": {"b": [1]}}
    assert compiled("handlebars", text, options=options).render(variables) == (
        'above [above] 2026-11-24 Kettle {"b":[1]} eq not false and or a; 2 ABOVE abc'
    )
