"""Values in the place of text, where no sample says how long they are: a saving nobody has seen."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, tokens, workflow

TEXT = tokens(100)
CALL = (
    "async function ask(client, big) {\n  return await client.chat.completions.create({"
    " model: 'gpt-4o', messages: [{ role: 'user', content: VALUE }] });\n}\n"
)
PYTHON = (
    'SYSTEM = "Sort the mail by topic, and answer with one word of the list."\n'
    "def ask(big):\n    return client.chat.completions.create(\n"
    '        model="gpt-4o", messages=[{"role": "user", "content": VALUE}])\n'
)
CASES: dict[str, tuple[str, str, str]] = {
    "jinja": ("p.j2", TEXT, "{{ big }}"),
    "jinja with filters": ("p.j2", TEXT + "{{ a }}", "{{ a }}{{ big | trim }}"),
    "handlebars": ("p.hbs", TEXT, "{{{big}}}"),
    "mustache": ("p.mustache", TEXT, "{{& big}}"),
    "str.format": ("{path: p.txt, format: str-format}", TEXT, "{big}"),
    "string.Template": ("{path: p.txt, format: string-template}", TEXT, "${big}"),
    "dotprompt": ("p.prompt", f"---\n{{}}\n---\n{TEXT}", "---\n{}\n---\n{{big}}"),
    "prompty": (
        "p.prompty",
        f"---\nmodel: {{api: chat}}\n---\nuser:\n{TEXT}",
        "---\nmodel: {api: chat}\n---\nuser:\n{{big}}",
    ),
    "semantic kernel": (
        "{path: p.yaml, format: semantic-kernel}",
        f"template: {TEXT}\ntemplate_format: semantic-kernel\n",
        "template: 'see {{$big}}'\ntemplate_format: semantic-kernel\n",
    ),
    "python, a product": (
        '"p.py#ask.messages"',
        PYTHON.replace("VALUE", "SYSTEM"),
        PYTHON.replace("VALUE", "SYSTEM * 500"),
    ),
    "python, a call": (
        '"p.py#ask.messages"',
        PYTHON.replace("VALUE", "SYSTEM"),
        PYTHON.replace("VALUE", "wrapped(SYSTEM)"),
    ),
    "python, a format": (
        '"p.py#ask.messages"',
        PYTHON.replace("VALUE", "SYSTEM"),
        PYTHON.replace("VALUE", 'f"{big!r:>2} {7:.2f}"'),
    ),
    "typescript": (
        '"p.ts#ask.messages"',
        CALL.replace("VALUE", f"`{TEXT}`"),
        CALL.replace("VALUE", "`${big}`"),
    ),
}


def edited(repository: Repository, prompts: str, before: str, after: str, **more: str) -> Outcome:
    path = prompts.partition("path: ")[2].partition(",")[0] or prompts.strip('"').partition("#")[0]
    settings = configuration({"w": workflow(prompts, **more)})
    return change(repository, {CONFIGURATION: settings, path: before}, {path: after})


@pytest.mark.parametrize("name", CASES)
def test_a_value_in_the_place_of_text_needs_approval(repository: Repository, name: str) -> None:
    outcome = edited(repository, *CASES[name])
    assert outcome.usd("after") <= outcome.usd("before")
    (finding,) = outcome.workflow()["findings"]
    assert (finding["rule"], finding["verdict"], outcome.code) == ("unseen", "needs-approval", 1)
    assert "in the place of text, and without samples no figure holds" in finding["text"]


PAD = " ".join(["other"] * 120)
PADDED: dict[str, tuple[str, str, str]] = {
    "in its line": ("p.j2", TEXT, f"{PAD} {{{{ big }}}}"),
    "in another line": ("p.j2", f"Hi.\n{TEXT}", f"Hi.\n{{{{ big }}}}\n{PAD}"),
    "before it": ("p.j2", f"Hi.\n{TEXT}", f"{PAD}\nHi.\n{{{{ big }}}}"),
    "in another language": ("{path: p.txt, format: str-format}", TEXT, f"{{big}} {PAD}"),
    "in another script": (
        "p.j2",
        "\u7528\u4e2d\u6587\u56de\u7b54" * 20,
        f"{{{{ big }}}} {PAD}",
    ),
    "in Python": (
        '"p.py#ask.messages"',
        PYTHON.replace("VALUE", f'"{TEXT}"'),
        PYTHON.replace("VALUE", f'f"{PAD} {{big}}"'),
    ),
    "in TypeScript": (
        '"p.ts#ask.messages"',
        CALL.replace("VALUE", f"`{TEXT}`"),
        CALL.replace("VALUE", f"`{PAD} ${{big}}`"),
    ),
}


@pytest.mark.parametrize("name", PADDED)
def test_other_text_beside_it_changes_nothing(repository: Repository, name: str) -> None:
    outcome = edited(repository, *PADDED[name])
    (finding,) = outcome.workflow()["findings"]
    assert (finding["rule"], finding["verdict"], outcome.code) == ("unseen", "needs-approval", 1)
    assert "in the place of text" in finding["text"]


def test_other_text_in_another_prompt_changes_nothing(repository: Repository) -> None:
    settings = configuration({"w": workflow("[p.j2, q.j2]")})
    files = {CONFIGURATION: settings, "p.j2": TEXT, "q.j2": "Sort."}
    outcome = change(repository, files, {"p.j2": "{{ big }}", "q.j2": f"Sort. {PAD}"})
    assert outcome.rules() == {"unseen": "needs-approval"}


@pytest.mark.parametrize(
    "after",
    [
        {"p.j2": "{{ x }}", "q.j2": f"Sort. {{{{ big }}}} {PAD}"},
        {"p.j2": "{{ x }}", "q.j2": "Sort. {{ big }}", "r.txt": PAD},
    ],
)
def test_text_of_one_file_in_a_value_of_another_too(
    repository: Repository, after: dict[str, str | bytes | None]
) -> None:
    settings = configuration({"w": workflow("[p.j2, q.j2, r.txt]")})
    before = {CONFIGURATION: settings, "p.j2": f"{TEXT} {{{{ x }}}}", "q.j2": "Sort."}
    outcome = change(repository, {**before, "r.txt": "Bye."}, after)
    assert outcome.rules() == {"unseen": "needs-approval"}


def test_a_value_beside_a_prompt_that_is_written_anew_is_none(repository: Repository) -> None:
    settings = configuration({"w": workflow("[p.j2, q.j2]")})
    before = {CONFIGURATION: settings, "p.j2": f"{TEXT} {{{{ x }}}}", "q.j2": "Sort."}
    after = {"p.j2": f"{PAD} {{{{ x }}}}", "q.j2": "Sort, {{ name }}."}
    assert change(repository, before, after).rules() == {}


def test_one_of_an_included_file_too(repository: Repository) -> None:
    settings = configuration({"w": workflow("p.j2")})
    files = {CONFIGURATION: settings, "p.j2": "{% include 'part.j2' %}", "part.j2": TEXT}
    outcome = change(repository, files, {"part.j2": "Sort.\n{{ big }}"})
    (finding,) = outcome.workflow()["findings"]
    assert finding["place"] == {"file": "part.j2", "line": 2, "key": None}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TEXT + "{{ big }}", "{{ big }}"),
        (TEXT + "{{ big }}", "{{ big }} and less"),
        (TEXT, f"{TEXT}{{{{ big }}}}"),
        (TEXT, tokens(50)),
        (f"Sort it. {TEXT}", f"Sort all of it, quickly: {{{{ big }}}} {TEXT}"),
        (f"{TEXT}\nSort it.", f"Sort it: {{{{ big }}}}\n{TEXT}"),
    ],
)
def test_text_that_is_only_taken_out_is_a_saving(
    repository: Repository, before: str, after: str
) -> None:
    assert edited(repository, "p.j2", before, after).rules() == {}


@pytest.mark.parametrize("count", [2_100, 300_000])
def test_values_beyond_the_bounds_are_not_said_to_be_known(
    repository: Repository, count: int
) -> None:
    more = "{{ a }}" * count if count < 3_000 else "{% include 'part.j2' %}"
    settings = configuration({"w": workflow("p.j2")})
    files: dict[str, str | bytes | None] = {CONFIGURATION: settings, "p.j2": more + TEXT}
    head: dict[str, str | bytes | None] = {"p.j2": more + "{{ big }}"}
    if count > 3_000:
        files["part.j2"] = "{# " + "x" * 1_999_000 + " #}" + TEXT
        head["part.j2"] = "{# " + "x" * 1_999_900 + " #}{{ big }}" + " " * 200
    assert change(repository, files, head).rules() == {"unseen": "needs-approval"}


def test_samples_say_how_long_the_value_is(repository: Repository) -> None:
    samples = "[{name: one, variables: {big: {tokens: 40}}}]"
    assert edited(repository, "p.j2", TEXT, "{{ big }}", samples=samples).rules() == {}
