"""Values and texts of Jinja2's expressions that no sample comes to, wherever they stand in them."""

import pytest

from tests.support.gating import stopped
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, tokens, workflow

PLAIN = "You sort parcels by size and weight.\n{{ message }}\n"
HIDDEN = f"Only some calls are told this. {tokens(400)}"
SAMPLE = "message: hello there\nname: short\nvip: false\nnames: []\none: [a]\n"
FILES = {"s/typical.yaml": SAMPLE}


def reviewed(
    repository: Repository,
    added: str,
    *,
    plain: str = PLAIN,
    files: dict[str, str] = FILES,
    changed: dict[str, str] | None = None,
    path: str = "p.j2",
    **more: str,
) -> Outcome:
    settings = {"envelope": "{approvable: true}", "samples": "s/*.yaml", **more}
    gated = configuration({"w": workflow(path, **settings)}, approval="{approvers: [boss]}")
    before = {CONFIGURATION: gated, path: plain, **files}
    return change(repository, before, {path: plain + added, **(changed or {})})


LEFT_OUT = {
    "a second operand": "{{ vip and history }}",
    "an alternative": "{{ name or history }}",
    "a default": "{{ name|default(history) }}",
    "a default that is made": "{{ name|d(message * 1000) }}",
    "an arm in brackets": "{{ ('' if not vip else message * 1000) }}",
    "an arm that is joined": "{{ ('a' if not vip else history) ~ '' }}",
    "an arm that is filtered": "{{ ('' if not vip else history)|trim }}",
    "an arm in a call": "{{ name.replace('a', history if vip else '') }}",
    "an arm in a format": "{{ '%s' % (history if vip else '') }}",
    "an arm of a variable": "{% set x = history if vip else '' %}{{ x }}",
    "an arm of a block's variable": "{% with x = history if vip else '' %}{{ x }}{% endwith %}",
    "an arm of an argument": "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(history if vip else '') }}",
    "a variable set in a branch": "{% set x = '' %}{% if vip %}{% set x = history %}{% endif %}{{ x }}",
    "a variable of a namespace": "{% set n = namespace(x='') %}{% if vip %}{% set n.x = history %}{% endif %}{{ n.x }}",
    "an item of a list": "{{ [history, ''][0 if vip else 1] }}",
    "an entry of a table": "{{ {true: history}.get(vip, '') }}",
    "a loop that begins with a value": "{% for x in names %}{{ message }}{% endfor %}",
    "a range": "{{ range(names|length * 1000)|join(' ') }}",
    "a text repeated": "{{ 'ab ' * names|length }}",
    "repeated from before": "{{ names|length * 'ab ' }}",
    "texts in brackets repeated": "{{ ('ab ' ~ 'cd ') * names|length }}",
    "an arm of literals repeated": "{{ ('ab ' 'cd ') * 1000 if vip }}",
    "an arm of numbers": "{{ (10 ** 400) if vip else '' }}",
    "an arm with escapes": r"{{ '\u0041\u0042 \u0043' * 3000 if vip }}",
    "a literal over two lines": f"{{{{ 'first\n{HIDDEN}' if vip }}}}",
    "a literal alone over two lines": f"{{% if vip %}}{{{{ 'first\n{HIDDEN}' }}}}{{% endif %}}",
    "a literal with escapes": rf"{{% if vip %}}{{{{ '\u0041 {HIDDEN}' }}}}{{% endif %}}",
    "short literals": "{% if vip %}" + "{{ 'ab cd' }} " * 60 + "{% endif %}",
    "a separator of nothing": "{{ names|join(' for all of them ') }}",
    "a variable called section": "{% if vip %}{{ section }}{% endif %}",
    "a variable called role": "{% if vip %}{{ role }}{% endif %}",
    "a value beside a loop's own": "{% for x in one %}{% if vip %}{{ loop.index ~ history }}{% endif %}{% endfor %}",
    "a statement that prints": "{% if vip %}{% print history %}{% endif %}",
    "an expression in a deep one": "{{ "
    + "(1 + " * 40
    + "(history if vip else 1)"
    + ")" * 40
    + " }}",
}


@pytest.mark.parametrize("added", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_no_sample_comes_to_needs_approval(repository: Repository, added: str) -> None:
    assert reviewed(repository, added).rules() == {"unseen": "needs-approval"}


STATEMENTS = {
    "a value": "# if vip\n{{ history }}\n# endif\n",
    "a statement that prints": "# if vip\n# print history\n# endif\n",
    "a variable": "# set x = history if vip else ''\n{{ x }}\n",
}


@pytest.mark.parametrize("added", STATEMENTS.values(), ids=STATEMENTS)
def test_so_does_what_lines_of_statements_leave_out(repository: Repository, added: str) -> None:
    outcome = reviewed(repository, added, templates="{line_statement_prefix: '#'}")
    assert outcome.rules() == {"unseen": "needs-approval"}


SHOWN = {
    "literals that stand in for nothing": "{{ name|default('friend') }} {{ name or 'you' }}",
    "short words of two arms": "{{ 'is' if vip else 'are' }}",
    "a number": "{{ names|length * 3 }}",
    "a short replacement": "{{ name|replace('z', ' ') }} {{ names|join(', ') }}",
    "a flag of two": "{% set both = vip and name %}{% if not both %}{{ name }}{% endif %}",
    "a condition of two": "{% if name and not vip or history %}{{ name }}{% endif %}",
    "a loop of values": "{% for x in one %}{{ x }}{% endfor %}",
}


@pytest.mark.parametrize("added", SHOWN.values(), ids=SHOWN)
def test_what_samples_show_or_nothing_prints_is_no_finding(
    repository: Repository, added: str
) -> None:
    assert reviewed(repository, added).rules() == {}


def test_a_value_that_each_sample_comes_to_in_turn_is_seen(repository: Repository) -> None:
    files = FILES | {"s/vip.yaml": SAMPLE.replace("vip: false", "vip: true\nhistory: old")}
    outcome = reviewed(repository, "{{ (history if vip else name)|trim }}", files=files)
    assert outcome.rules() == {}


def test_a_known_variable_counts_with_its_largest_tokens(repository: Repository) -> None:
    outcome = reviewed(repository, "{{ name|default(message) }}")
    (finding,) = outcome.workflow()["findings"]
    assert (finding["verdict"], finding["text"][:9]) == ("warn", "2 tokens ")
    assert finding["place"]["line"] == 3


def test_an_expression_that_was_there_is_not_told_again(repository: Repository) -> None:
    plain = PLAIN + "{{ name or history }}{{ vip and (history ~ message) }}\n"
    assert reviewed(repository, "Be kind.\n{{ name }}", plain=plain).rules() == {}


def test_nunjucks_is_followed_too(repository: Repository) -> None:
    prompt = '{{"prompts": ["You sort. {{{{ message }}}}{}"], "providers": ["openai:gpt-4o"]}}'
    arm = "{{ (history if vip else name) | trim }}"
    outcome = reviewed(
        repository,
        "",
        path="promptfooconfig.json",
        plain=prompt.format(""),
        changed={"promptfooconfig.json": prompt.format(arm)},
    )
    assert outcome.rules() == {"unseen": "needs-approval"}


COMPUTED = "Now.\n{% include name ~ '.j2' %}\n"
PARTS = {**FILES, "short.j2": "Be kind.\n", "big.j2": "Be brief.\n", "notes.md": "Notes.\n"}


def test_growth_behind_a_computed_include_that_was_there_needs_approval(
    repository: Repository,
) -> None:
    changed = {"big.j2": f"Be brief.\n{HIDDEN}\n"}
    outcome = reviewed(repository, "", plain=COMPUTED, files=PARTS, changed=changed)
    assert outcome.rules() == {"unseen": "needs-approval"}
    (finding,) = outcome.workflow()["findings"]
    assert (finding["place"]["file"], finding["place"]["line"]) == ("big.j2", 2)


def test_so_does_a_new_file_that_it_may_mean(repository: Repository) -> None:
    changed = {"other.j2": f"{HIDDEN}\n"}
    outcome = reviewed(repository, "", plain=COMPUTED, files=PARTS, changed=changed)
    assert outcome.rules() == {"unseen": "needs-approval"}


def test_growth_that_a_sample_includes_is_measured(repository: Repository) -> None:
    changed = {"short.j2": f"Be kind.\n{tokens(60)}\n"}
    outcome = reviewed(repository, "", plain=COMPUTED, files=PARTS, changed=changed)
    assert outcome.rules() == {}


def test_files_that_it_cannot_mean_are_no_finding(repository: Repository) -> None:
    changed = {"notes.md": f"{HIDDEN}\n"}
    outcome = reviewed(repository, "", plain=COMPUTED, files=PARTS, changed=changed)
    assert outcome.code == 0


def test_too_many_files_that_it_may_mean_need_approval(repository: Repository) -> None:
    changed = {f"part{number:03}.j2": "a\n" for number in range(202)}
    outcome = reviewed(repository, "", plain=COMPUTED, files=PARTS, changed=changed)
    assert stopped(outcome)


def test_more_runs_than_there_are_marks_are_not_seen(repository: Repository) -> None:
    plain = "a\n" * 65_600
    outcome = reviewed(repository, f"{{% if vip %}}{HIDDEN}{{% endif %}}", plain=plain)
    assert outcome.rules()["unseen"] == "needs-approval"
