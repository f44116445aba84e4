"""Ways to hide text or values from every sample: each is named, and needs approval."""

import pytest

from tests.support.gating import stopped
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, tokens, workflow

PLAIN = "You sort parcels by size and weight.\n{{ message }}\n"
HIDDEN = f"Only some calls are told this. {tokens(400)}"
SAMPLE = "s/typical.yaml"
BESIDE = {"big.j2": HIDDEN, "short.j2": "Be kind.", "big.hbs": HIDDEN, "short.hbs": "Be kind."}


def reviewed(
    repository: Repository,
    added: str,
    *,
    path: str = "p.j2",
    sample: str = "message: hello there\nname: short\nvip: false\n",
    files: dict[str, str] | None = None,
    changed: dict[str, str] | None = None,
) -> Outcome:
    sampled = workflow(path, envelope="{approvable: true}", samples="s/*.yaml")
    settings = configuration({"w": sampled}, approval="{approvers: [boss]}")
    before = {CONFIGURATION: settings, SAMPLE: sample, path: PLAIN, **(files or {})}
    return change(repository, before, {path: PLAIN + added, **(changed or {})})


COMPUTED = {
    "by a condition": "{% include ('big.j2' if message|length > 5000 else 'short.j2') %}",
    "by two names": "{% include 'big.j2' if message == 'x' else 'short.j2' %}",
    "by joining": "{% include name ~ '.j2' ignore missing %}",
    "from a list": "{% include [message ~ '.j2', 'short.j2'] %}",
    "an import": "{% import name ~ '.j2' as m %}",
    "some of an import": "{% from name ~ '.j2' import m with context %}",
}


@pytest.mark.parametrize("added", COMPUTED.values(), ids=COMPUTED)
def test_an_include_whose_name_is_computed_needs_approval(
    repository: Repository, added: str
) -> None:
    files = {**BESIDE, "short.j2": "{% macro m() %}{% endmacro %}Be kind."}
    outcome = reviewed(repository, added, files=files)
    assert stopped(outcome)
    assert "a value of unknown length that no sample shows" in outcome.out


def test_so_does_a_partial(repository: Repository) -> None:
    outcome = reviewed(repository, "{{> (lookup . 'name') }}", path="p.hbs", files=BESIDE)
    assert outcome.rules()["unseen"] == "needs-approval"


def test_a_parent_whose_name_is_computed_needs_approval_too(repository: Repository) -> None:
    extends = "{% extends ('big.j2' if message|length > 900 else 'short.j2') %}"
    outcome = reviewed(repository, "", files=BESIDE, changed={"p.j2": extends})
    assert outcome.rules()["unseen"] == "needs-approval"


def test_an_include_that_was_computed_before_is_not_told_again(repository: Repository) -> None:
    computed = "{% include name ~ '.j2' %}\n"
    outcome = reviewed(
        repository, "", files={**BESIDE, "p.j2": computed}, changed={"p.j2": f"Now. {computed}"}
    )
    assert "unseen" not in outcome.rules()


VALUES = {
    "of a variable": "{% if vip is defined and vip %}{{ history }}{% endif %}",
    "that is repeated": "{% if vip %}{{ message * 4000 }}{% endif %}",
    "that is made": "{% if vip %}{% for i in range(3000) %}{{ i }} {% endfor %}{% endif %}",
    "of a macro": "{% macro m(a) %}{% if vip %}{{ a }}{{ undefined }}{% endif %}{% endmacro %}{{ m('') }}",
    "of an arm": "{{ range(3000)|join(' ') if vip }}",
    "of the other arm": "{{ '' if not vip else history }}",
    "of an arm beside a macro": "{% macro m() %}{% endmacro %}{{- m() -}}{{- history if vip -}}",
    "of a method": "{% if vip %}{{ message.upper() }}{% endif %}",
}


@pytest.mark.parametrize("added", VALUES.values(), ids=VALUES)
def test_a_value_that_no_sample_shows_needs_approval(repository: Repository, added: str) -> None:
    outcome = reviewed(repository, added)
    assert outcome.rules() == {"unseen": "needs-approval"}
    assert "of unknown length that no sample shows" in outcome.out


def test_a_value_that_a_sample_knows_counts_with_its_largest_tokens(repository: Repository) -> None:
    sample = "message: {tokens: 20}\nvip: false\n"
    outcome = reviewed(repository, "{% if vip %}{{ message }}{% endif %}\n", sample=sample)
    (finding,) = outcome.workflow()["findings"]
    assert finding["verdict"] == "warn"
    assert finding["text"].startswith("20 tokens that no sample shows")


def test_values_that_are_shown_are_not_told(repository: Repository) -> None:
    shown = reviewed(repository, "{% if not vip %}{{ name }}{{ message if name }}{% endif %}")
    assert shown.rules() == {}


LOOPS = {
    "jinja": ("p.j2", "{% for item in items %}Parcel. {% endfor %}"),
    "a count": ("p.j2", "{% for i in range(message|length // 100) %}\nParcel.\n{% endfor %}"),
    "handlebars": ("p.hbs", "{{#each items}}Parcel. {{/each}}"),
}


@pytest.mark.parametrize(("path", "added"), LOOPS.values(), ids=LOOPS)
def test_a_loop_that_no_sample_enters_may_be_long(
    repository: Repository, path: str, added: str
) -> None:
    outcome = reviewed(repository, added, path=path, sample="message: x\nitems: []\n")
    assert outcome.rules() == {"unseen": "needs-approval"}


def test_text_in_a_loop_that_was_there_is_told_by_its_tokens(repository: Repository) -> None:
    loop = "{{% for item in items %}}Parcel {}. {{% endfor %}}"
    outcome = reviewed(
        repository,
        "",
        sample="message: x\nitems: []\n",
        files={"p.j2": PLAIN + loop.format("one")},
        changed={"p.j2": PLAIN + loop.format("two")},
    )
    assert outcome.rules() == {"unseen": "warn"}


PARTLY = {
    "a default of a macro": f"{{% macro m(x='{HIDDEN}') %}}{{{{ x }}}}{{% endmacro %}}{{{{ m(name) }}}}",
    "a truncated text": f"{{% set t %}}{HIDDEN}{{% endset %}}{{{{ t|truncate(10) }}}}",
    "a sliced text": f"{{% set t %}}{HIDDEN}{{% endset %}}{{{{ t[:message|length] }}}}",
    "first and last letter": f"{{% set t %}}{HIDDEN}{{% endset %}}{{{{ t[:1] ~ t[-1:] }}}}",
    "a list in one tag": f"{{% set t = ['{HIDDEN}'] %}}{{{{ (t|tojson)[:4] }}}}",
    "a list that is looped": f"{{% for t in ['{HIDDEN}'] if vip %}}{{{{ t }}}}{{% endfor %}}",
    "a short literal repeated": "{{ ('ab ' * 4000) if vip }}",
    "an argument of a call": f"{{% macro m(x) %}}{{% if vip %}}{{{{ x }}}}{{% endif %}}{{% endmacro %}}{{{{ m('{HIDDEN}') }}}}",
    "an entry of a table": f"{{{{ {{'a': '{HIDDEN}'}}.get(message, '') }}}}",
    "an entry of a list": f"{{{{ ['', '{HIDDEN}'][message|length // 1000] }}}}",
    "removed by its words": f"{{% set t %}}{HIDDEN}{{% endset %}}{{{{ t|replace('token', '') }}}}",
}


@pytest.mark.parametrize("added", PARTLY.values(), ids=PARTLY)
def test_text_of_which_a_part_is_shown_needs_approval(repository: Repository, added: str) -> None:
    assert reviewed(repository, added).rules()["unseen"] == "needs-approval"


def test_an_argument_of_a_partial_is_text_too(repository: Repository) -> None:
    files = {"q.hbs": "{{#if vip}}{{text}}{{/if}}"}
    outcome = reviewed(repository, f'{{{{> q text="{HIDDEN}"}}}}', path="p.hbs", files=files)
    assert outcome.rules()["unseen"] == "needs-approval"


WHOLE = {
    "in capitals": "{% set t %}Be very kind to all.{% endset %}{{ t|upper }}",
    "indented": "{% set t %}Be kind.\nBe brief.{% endset %}{{ t|indent(4) }}",
    "both arms": "{% for a in [true, false] %}{{ message if a else name }}{% endfor %}",
    "a literal arm": "{{ 'kind' if name else 'rude' }}",
    "a parent's block": "{% block a %}{{ message }}{% endblock %}",
    "a condition in a call": "{{ [1 if name else 2]|length }}",
    "a word in a literal": "{{ name ~ ' as if it were' }}",
    "delimiters that take blanks away": "{% if name %}\n  {{- message -}}\n{% endif %}",
}


@pytest.mark.parametrize("added", WHOLE.values(), ids=WHOLE)
def test_text_that_is_shown_otherwise_is_no_finding(repository: Repository, added: str) -> None:
    assert reviewed(repository, added).rules() == {}


TYPESCRIPT = "export const prompt = (message: string, vip: boolean) => `You sort. ${message}%s`;\n"
PYTHON = 'def prompt(message, vip):\n    text = f"You sort. {message}"\n%s    return text\n'
CHOSEN = {
    "typescript, one of two": (TYPESCRIPT, f'${{vip ? "{HIDDEN}" : ""}}'),
    "typescript, and": (TYPESCRIPT, f'${{vip && "{HIDDEN}"}}'),
    "typescript, a value": (TYPESCRIPT, '${vip ? message : ""}${vip ? history : ""}'),
    "typescript, text that is made": (TYPESCRIPT, f'${{vip ? `{HIDDEN}${{message}}`.trim() : ""}}'),
    "typescript, text that is repeated": (TYPESCRIPT, '${vip ? "ab ".repeat(4000) : ""}'),
    "python, a text": (PYTHON, f'    if vip:\n        text += "{HIDDEN}"\n'),
    "python, a value": (PYTHON, '    if vip:\n        text += f"{history}"\n'),
    "python, text that is made": (PYTHON, f'    if vip:\n        text += "{HIDDEN}".strip()\n'),
}


@pytest.mark.parametrize(("source", "added"), CHOSEN.values(), ids=CHOSEN)
def test_what_source_code_sends_in_no_sample_needs_approval(
    repository: Repository, source: str, added: str
) -> None:
    path = "p.ts" if source is TYPESCRIPT else "p.py"
    sampled = workflow(f'"{path}#prompt"', envelope="{approvable: true}", samples="s/*.yaml")
    settings = configuration({"w": sampled}, approval="{approvers: [boss]}")
    sample = "message: hello\nvip: false\n"
    files = {CONFIGURATION: settings, SAMPLE: sample, path: source % ""}
    outcome = change(repository, files, {path: source % added})
    assert outcome.rules() == {"unseen": "needs-approval"}


OTHERS = {
    "mustache, other marks": ("p.mustache", f"{{{{=<% %>=}}}}<%#vip%>{HIDDEN}<%/vip%>"),
    "mustache, a value": ("p.mustache", "{{#vip}}{{history}}{{/vip}}"),
    "mustache, a value that is not escaped": ("p.mustache", "{{#vip}}{{{history}}}{{/vip}}"),
    "handlebars, a value": ("p.hbs", "{{#if vip}}{{history}}{{/if}}"),
    "handlebars, a value that takes blanks away": ("p.hbs", "{{#if vip}} {{~history~}} {{/if}}"),
    "a raw block": ("p.j2", "{% if vip %}{% raw %}{% endif %}{% endraw %}{{ history }}{% endif %}"),
}


@pytest.mark.parametrize(("path", "added"), OTHERS.values(), ids=OTHERS)
def test_so_does_what_other_engines_leave_out(
    repository: Repository, path: str, added: str
) -> None:
    assert reviewed(repository, added, path=path).rules() == {"unseen": "needs-approval"}


def test_a_list_of_data_in_a_format_is_no_fault(repository: Repository) -> None:
    message = '{"role": "system", "content": "You sort. {{ message }}%s"}'
    path = "p.chat.json"
    sampled = workflow(path, samples="s/*.yaml", templates="{}")
    files = {
        CONFIGURATION: configuration({"w": sampled}),
        SAMPLE: "message: x",
        path: f'{{"messages": [{message % ""}]}}',
    }
    added = "{% if vip is defined %}a{% endif %}"
    assert change(repository, files, {path: f'{{"messages": [{message % added}]}}'}).code in (0, 1)
