"""What is wrong with a template's syntax is told in plain words, with the mend that works."""

import pytest

from reviewbot.prompt import TemplateError
from reviewbot.rendering.engines._common.faults import MissingFileError
from tests.support.compiling import compiled

JINJA = [
    ("Hi\n{{ name \nGood day.", 2, "the tag that begins here with `{{` does not end", "`}}`"),
    ("Hi {{ name", 1, "the tag that begins here with `{{` does not end", "close it with `}}`"),
    ("Hi {{ a\n\n{{ name }}", 1, "begins here with `{{` does not end", "close it with `}}`"),
    ("{% if name \nGood day.", 1, "the tag that begins here with `{%` does not end", "`%}`"),
    ("{% if name", 1, "the tag that begins here with `{%` does not end", "close it with `%}`"),
    ("{% for q in a }}{{ q }}{% endfor %}", 1, "here with `{%` ends with `}}`", "write `%}` there"),
    ("x\n{{ name %}\n{{ a }}", 2, "here with `{{` ends with `%}`", "write `}}` there"),
    ("{% raw %}{{ a }{% endraw %}\n{{ {'a': {}}.a }}{{ a }", 2, "ends with `}`", "write `}}`"),
    ("{{ a b }}", 1, "a tag that begins with `{{` does not end before 'b'", "correct what stands"),
    ('a\n{% include "x %}\n\n{{ name }}', 2, 'the quote " that begins in this tag', 'with "'),
    ('a\n{% include "x %}\n\n{{ "a" }}', 2, 'the quote " that begins in this tag', 'with "'),
    ("{{ $name }}", 1, "`$` stands before a name", "write `name`"),
    ("{% if a && name %}{% endif %}", 1, "`&` is no operator of Jinja2", "write `and`"),
    ("{% if a || name %}{% endif %}", 1, "`||` is no operator of Jinja2", "write `or`"),
    ("{% if !a %}{% endif %}", 1, "`!` is no operator of Jinja2", "write `not`"),
    ("{% for a of b %}{% endfor %}", 1, "with `in`, and `of` stands there", "write `in` instead"),
    ("{% if a %}{% else if b %}{% endif %}", 1, "has no tag `{% else if … %}`", "`{% elif … %}`?"),
    ("{% fro x in y %}", 1, "there is no tag `{% fro %}`", "did you mean `{% for %}`?"),
    (
        "{% trans %}a{% endtrans %}",
        1,
        "`{% trans %}` is not supported",
        "{functions: {gettext: same}",
    ),
    (
        "{% break %}",
        1,
        "there is no tag `{% break %}`",
        "`templates: {extensions: [loopcontrols]}`",
    ),
    (
        "{{ a | redact_pii }}",
        1,
        "no filter 'redact_pii'",
        "`templates: {filters: {redact_pii: same}}`",
    ),
    (
        "x\n{% if name %}",
        2,
        "the block `{% if … %}` that begins here is not closed",
        "with `{% endif %}`",
    ),
    ("x\n{% endif %}", 2, "`{% endif %}` stands here, and no block is open", "take it out, or"),
    ("{% else %}", 1, "`{% else %}` stands here, and no block is open", "`{% if … %}`"),
    ("{% if a %}\n{% endfor %}", 2, "`{% endfor %}` stands in a block `{% if … %}`", "{% endif %}"),
    ("{% if a %}{% elseif b %}{% endif %}", 1, "Jinja2 has no tag `{% elseif %}`", "{% elif %}"),
    ("{% inclde 'a' %}", 1, "there is no tag `{% inclde %}`", "did you mean `{% include %}`?"),
    ("{{ name | uper }}", 1, "there is no filter 'uper'", "did you mean `upper`? Else name a"),
    ("{{ a if a is definde }}", 1, "there is no test 'definde'", "did you mean `defined`?"),
    (
        "{% if a is xyzzy %}{% endif %}",
        1,
        "there is no test 'xyzzy'",
        "{tests: {xyzzy: {value: true}}}",
    ),
    ("{% for x in %}{% endfor %}", 1, "a value is missing before `%}`", "write it, or take"),
    ("a\n{{ }}", 2, "a value is missing before `}}`", "write it, or take the tag out"),
    ("x {# y", 1, "a comment does not end", "close it with `#}`"),
    ("{{ name }", 1, "the tag that begins here with `{{` ends with `}`", "write `}}` there"),
    ("{{ name | default(“x”) }}", 1, "a curly quote stands in a tag", "write straight quotes"),
]
HANDLEBARS = [
    ("x\n{{#if a}}\ny", 2, "the block `{{#if …}}` that begins here does not end", "{{/if}}"),
    ("{{#if a}}\n{{/each}}", 2, "`{{/each}}` stands here, but `{{#if …}}` of line 1", "{{/if}}"),
    ("x\n{{/if}}", 2, "`{{/if}}` stands here, and no block is open", "take it out"),
    ("x\n{{ name \n!", 2, "the tag that begins here is wrong or does not end", "close it with"),
    ("x\n{{!-- y }}", 2, "the comment that begins here does not end", "close it: `--}}`"),
    ("{{a (b c}}", 1, "a `(` is not closed", "close it with `)`"),
]
MUSTACHE = [
    ("x\n{{#a}}\ny", 2, "the section that begins here does not end", "close it: `{{/a}}`"),
    ("{{#a}}\n{{/b}}", 2, "`b` ends here, and did not begin", "take `b` out"),
]
ALL = [
    *(("jinja", *row) for row in JINJA),
    *(("handlebars", *row) for row in HANDLEBARS),
    *(("mustache", *row) for row in MUSTACHE),
]


@pytest.mark.parametrize(
    ("engine", "text", "line", "what", "mend"), ALL, ids=[f"{row[0]}-{row[3]}" for row in ALL]
)
def test_the_message_says_what_stands_where_and_the_mend(
    engine: str, text: str, line: int, what: str, mend: str
) -> None:
    with pytest.raises(TemplateError) as caught:
        compiled(engine, text).render({"a": 1, "name": "Ann"})
    assert caught.value.line == line
    assert what in caught.value.what
    assert mend in caught.value.mend
    assert ".;" not in f"{caught.value.what};"


def test_the_marks_are_those_of_the_configuration() -> None:
    options = {"delimiters": {"variable": ["[[", "]]"]}}
    with pytest.raises(TemplateError) as caught:
        compiled("jinja", "Hi [[ name", options=options)
    assert caught.value.what == "the tag that begins here with `[[` does not end"
    assert caught.value.mend == "close it with `]]`"


@pytest.mark.parametrize(
    ("engine", "text", "name"),
    [
        ("jinja", "{% include 'partials/tone.j2' %}", "partials/tone.j2"),
        ("handlebars", "{{> tone}}", "tone.hbs"),
        ("mustache", "{{> tone}}", "tone.mustache"),
    ],
)
def test_a_file_that_is_missing_is_named(engine: str, text: str, name: str) -> None:
    with pytest.raises(MissingFileError) as caught:
        compiled(engine, text).render({})
    assert caught.value.name == name
