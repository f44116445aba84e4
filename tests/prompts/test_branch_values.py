"""Which values take a branch of a template, in the words that a sample has them in."""

import pytest

from reviewbot.prompts.branch_values import branch_values

CASES = {
    "no branch": ("HERE", ""),
    "a value": ('{% if tier == "pro" %}\nHERE\n{% endif %}', '`tier: "pro"`'),
    "the other side": ('{% if tier == "pro" %}\na\n{% else %}\nHERE\n{% endif %}', "`tier: other`"),
    "the other side of other": (
        '{% if tier == "other" %}\na\n{% else %}\nHERE\n{% endif %}',
        "`tier: another`",
    ),
    "a flag": ("{%- if vip -%}\nHERE\n{%- endif -%}", "`vip: true`"),
    "no flag": ("{% if vip %}\na\n{% else %}\nHERE\n{% endif %}", "`vip: false`"),
    "a flag that is not": ("{% if not vip %}\na\n{% else %}\nHERE\n{% endif %}", "`vip: true`"),
    "a number": ("{% if n > 3 %}\nHERE\n{% endif %}", "`n: 4`"),
    "no such number": ("{% if n > 3 %}\na\n{% else %}\nHERE\n{% endif %}", "`n: 3`"),
    "another number": ("{% if n == 3 %}\na\n{% else %}\nHERE\n{% endif %}", "`n: 4`"),
    "one of a list": ('{% if tier in ["a", "b"] %}\nHERE\n{% endif %}', '`tier: "a"`'),
    "defined": ("{% if note is defined %}\nHERE\n{% endif %}", "`note`"),
    "not defined": ("{% if note is defined %}\na\n{% else %}\nHERE\n{% endif %}", "no `note`"),
    "a second branch": (
        '{% if tier == "a" %}\na\n{% elif tier == "b" %}\nHERE\n{% endif %}',
        '`tier: "b"`',
    ),
    "both": ("{% if a and b %}\nHERE\n{% endif %}", "`a: true` and `b: true`"),
    "not both": ("{% if a and b %}\na\n{% else %}\nHERE\n{% endif %}", "`a: false`"),
    "neither": ("{% if a or b %}\na\n{% else %}\nHERE\n{% endif %}", "`a: false` and `b: false`"),
    "inside of another": (
        "{% if a %}\n{% if b %}\n{% else %}\nHERE\n{% endif %}\n{% endif %}",
        "`a: true` and `b: false`",
    ),
    "behind a block": ("{% if a %}\na\n{% endif %}\nHERE", ""),
    "a loop": ("{% for x in items %}\nHERE\n{% endfor %}", "`items` as a list with items"),
    "an empty loop": (
        "{% for x in items %}\na\n{% else %}\nHERE\n{% endfor %}",
        "`items` as an empty list",
    ),
    "something else": (
        "{% if tier | lower == kind %}\nHERE\n{% endif %}",
        "values for which `tier | lower == kind` holds",
    ),
    "in the line of the tag": ('{% if tier == "a" %}HERE{% endif %}', '`tier: "a"`'),
    "two sides in one line": ("{% if a %}a{% else %}HERE{% endif %}", ""),
    "handlebars": ("{{#if vip}}\na\n{{else}}\nHERE\n{{/if}}", "`vip: false`"),
    "unless": ("{{#unless vip}}\nHERE\n{{/unless}}", "`vip: false`"),
    "a section": ("{{#vip}}\nHERE\n{{/vip}}", "`vip: true`"),
    "an inverted section": ("{{^vip}}\nHERE\n{{/vip}}", "`vip: false`"),
}


@pytest.mark.parametrize(("text", "values"), CASES.values(), ids=CASES)
def test_values_that_take_a_branch(text: str, values: str) -> None:
    line = text[: text.index("HERE")].count("\n") + 1
    assert branch_values(text, line, {}) == values


def test_a_line_behind_the_end_needs_nothing() -> None:
    assert branch_values("{% if a %}\n", 900, {}) in {"", "`a: true`"}
