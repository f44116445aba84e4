"""What people get wrong in templates: each message says what, where, and the mend."""

import pytest

from tests.support.mistakes import BODY, PROMPT, SAMPLES, Mistake, check_told, configured
from tests.support.repository import Repository
from tests.support.reviewing import review

SAMPLE_FILES = BODY + "    samples: samples/*.yaml\n"
MISTAKES = {
    "one equals sign in a condition": Mistake(
        configured(BODY),
        "`=` compares nothing",
        "prompts/a.j2:1:",
        "write `==`",
        change={PROMPT: 'Hi {% if name = "" %}you{% endif %}\n'},
    ),
    "an unclosed block": Mistake(
        configured(BODY + SAMPLES),
        "the block `{% if … %}` that begins here is not closed",
        "prompts/a.j2:2:",
        "close it with `{% endif %}`",
        change={PROMPT: "Hello\n{% if name %}\n{% if a %}{% endif %}\n{{ name }}\n\n"},
    ),
    "an unclosed block that sets a variable": Mistake(
        configured(BODY + SAMPLES),
        "the block `{% set … %}` that begins here is not closed",
        "prompts/a.j2:1:",
        "close it with `{% endset %}`",
        change={PROMPT: "{% set a %}Hello\n{% set b = 1 %}\n{{ name }}\n"},
    ),
    "a misspelt tag in a block": Mistake(
        configured(BODY + SAMPLES),
        "`{% endfi %}` is no tag",
        "prompts/a.j2:2:",
        "did you mean `{% endif %}`?",
        change={PROMPT: "{% if name %}Hello\n{% endfi %}\n"},
    ),
    "files that include each other": Mistake(
        configured(BODY + SAMPLES, **{"prompts/b.j2": "Be\n\n{% include 'a.j2' %}\n"}),
        "the file includes prompts/a.j2, which includes it again",
        "prompts/b.j2:3:",
        "take one of the 2 lines out",
        change={PROMPT: "Hello\n{% include 'b.j2' %}\n"},
    ),
    "a partial that includes itself": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "prompts/b.hbs") + SAMPLES,
            **{"prompts/b.hbs": "Hello\n{{> c}}\n", "prompts/c.hbs": "Be\nkind\n{{> c}}\n"},
        ),
        "the file includes itself",
        "prompts/c.hbs:3:",
        "take that line out",
    ),
    "a partial called like the prompt": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "prompts/footers.hbs"),
            **{"prompts/footers.hbs": "Hello\n{{> footer}}\n"},
        ),
        "the partial 'footer' was not found",
        "prompts/footers.hbs:2:",
        "was not found; add footer.hbs",
    ),
    "a misspelt file in a folder above": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "prompts/b/c.j2"),
            **{"prompts/b/c.j2": "{% include 's/rule.md' %}\n", "prompts/s/rules.md": "Be kind.\n"},
        ),
        "the included file 's/rule.md' was not found",
        "prompts/b/c.j2:1:",
        "did you mean 'prompts/s/rules.md'?",
    ),
    "an include out of the work tree": Mistake(
        configured(BODY, **{"prompts/rules.md": "Be kind.\n"}),
        "the included file '../common/rules.md' was not found",
        "prompts/a.j2:1:",
        "did you mean 'prompts/rules.md'?",
        ("check", "--worktree"),
        change={PROMPT: "{% include '../common/rules.md' %}\n"},
    ),
    "misspelt variables of samples of one name": Mistake(
        configured(
            BODY
            + "    samples: s/a/*.yaml\n"
            + BODY.partition("workflows:\n")[2].replace("triage", "other").replace("a.j2", "b.j2")
            + "    samples: s/b/*.yaml\n",
            **{"s/a/x.yaml": "name: Ann\norder: 1", "s/b/x.yaml": "z: 1", "prompts/b.j2": "b"},
        ),
        "'nmae' and 'ordr' are undefined in the sample 'x' (s/a/x.yaml)",
        "prompts/a.j2:1:",
        "or correct their names; did you mean `name` for `nmae`, `order` for `ordr`?",
        change={PROMPT: "{{ nmae }} {{ ordr }}\n"},
    ),
    "a loop through a number": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "order:\n  id: 1\n  lines: 5\n"}),
        "the loop repeats over `order.lines`, which is a number in the sample 'a' (samples/a.yaml:3)",
        "prompts/a.j2:2:",
        "give a list there",
        change={PROMPT: "Hello\n{% for line in order.lines %}{{ line }}{% endfor %}\n"},
    ),
    "a loop through a text": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "id: 1\nlines: five\n"}),
        "the loop repeats over `lines`, which is a text in the sample 'a' (samples/a.yaml:2)",
        "prompts/a.j2:1:",
        "give a list of mappings with `id` there",
        change={PROMPT: "{% for line in lines %}\n{{ line.id }}{% endfor %}\n"},
    ),
    "a loop through a text that is given by its size": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "id: 1\narticles: {tokens: 50}\n"}),
        "the loop repeats over `articles`, which is a text in the sample 'a' (samples/a.yaml:2)",
        "prompts/a.j2:1:",
        "give a list of mappings with `title` and `body` there, or correct the loop",
        change={PROMPT: "{% for it in articles %}\n{{ it.title }}: {{ it.body }}\n{% endfor %}\n"},
    ),
    "a text that is given by its size for a mapping": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "id: 1\nticket: {tokens: 50}\n"}),
        "`ticket` has no `id`: it is a text in the sample 'a' (samples/a.yaml:2)",
        "prompts/a.j2:1:",
        "write `ticket: {id: {tokens: 50}}` there",
        change={PROMPT: "{{ ticket.id }}\n"},
    ),
    "a block through a number": Mistake(
        configured(
            SAMPLE_FILES.replace("prompts/a.j2", "prompts/a.hbs"),
            **{"samples/a.yaml": "labels: 7\n", "prompts/a.hbs": "A\n{{#each labels}}x{{/each}}"},
        ),
        "the loop repeats over `labels`, which is a number in the sample 'a' (samples/a.yaml:1)",
        "prompts/a.hbs:2:",
        "give a list there",
    ),
    "a misspelt key of a value": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "order: {id: 1}\n"}),
        "`order` has no `idd` in the sample 'a' (samples/a.yaml:1)",
        "prompts/a.j2:1:",
        "which has `id`; write `idd` there, or `order.id` in the prompt",
        change={PROMPT: "{{ order.idd }}\n"},
    ),
    "a misspelt key of an item": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "orders: [{id: 1}, {id: 2}]\n"}),
        "`order` has no `idd` in the sample 'a' (samples/a.yaml:1)",
        "prompts/a.j2:2:",
        "which has `id`; write `idd` there, or `order.id` in the prompt",
        change={PROMPT: "{% for order in orders %}\n{{ order.idd }}{% endfor %}\n"},
    ),
    "a misspelt key of an item in a described sample": Mistake(
        configured(
            SAMPLE_FILES,
            **{"samples/a.yaml": "name: a\nvariables:\n  qs:\n    - name: x\n    - nme: y\n"},
        ),
        "`q` has no `name` in the sample 'a' (samples/a.yaml:5), which has `nme`",
        "prompts/a.j2:1:",
        "write `name` there, or `q.nme` in the prompt",
        change={PROMPT: "{% for q in qs %}{{ q.name }}{% endfor %}\n"},
    ),
    "a loop through a text of a described sample": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "name: a\nvariables:\n  qs: billing\n"}),
        "the loop repeats over `qs`, which is a text in the sample 'a' (samples/a.yaml:3)",
        "prompts/a.j2:1:",
        "give a list of mappings with `name` there",
        change={PROMPT: "{% for q in qs %}{{ q.name }}{% endfor %}\n"},
    ),
    "a text that is compared with a number": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "order:\n  size: big\n"}),
        "`>=` needs a number, and `order.size` is a text in the sample 'a' (samples/a.yaml:2)",
        "prompts/a.j2:2:",
        "give a number there, or correct the template",
        change={PROMPT: "Hello\n{% if order.size >= 5 %}big{% endif %}\n"},
    ),
    "a text that is rounded": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "name: Ann\n"}),
        "`round` needs a number, and `name` is a text in the sample 'a' (samples/a.yaml:1)",
        "prompts/a.j2:1:",
        "give a number there, or correct the template",
        change={PROMPT: "{{ name | round }}\n"},
    ),
    "a function of the project": Mistake(
        configured(BODY + SAMPLES),
        "`now()` is a function of your code, which is not run here",
        "prompts/a.j2:2:",
        "`templates: {functions: {now: {value: {tokens: 10}}}}`",
        change={PROMPT: "Hello\n{{ now() }} {{ name }}\n"},
    ),
    "a function and a variable": Mistake(
        configured(BODY + SAMPLES),
        "prompts/a.j2:2: 'order' is undefined in the sample 'typical'",
        "prompts/a.j2:1: `now()` is a function",
        "add it to the sample",
        change={PROMPT: "{{ now() }}\n{{ order }}\n"},
    ),
    "a method of the project": Mistake(
        configured(BODY + SAMPLES),
        "`initials()` is a method of `name`",
        "prompts/a.j2:1:",
        "`templates: {methods: {initials: {value: {tokens: 10}}}}`",
        change={PROMPT: "{{ name.initials() }}\n"},
    ),
    "an include without quotes": Mistake(
        configured(BODY + SAMPLES, **{"prompts/parts/tone.j2": "Be kind.\n"}),
        "the name of the file `parts/tone.j2` stands without quotes",
        "prompts/a.j2:2:",
        'write `{% include "parts/tone.j2" %}`',
        change={PROMPT: "Hello\n{% include parts/tone.j2 %}\n"},
    ),
    "a variable that two samples lack": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "x: 1\n", "samples/b.yaml": "x: 1\n"}),
        "'company' is undefined in the samples 'a' (samples/a.yaml), 'b' (samples/b.yaml);",
        "prompts/a.j2:1:",
        "add `company: {tokens: 100}` to each of these samples, which have `x`, or correct its name",
        change={PROMPT: "{{ company }}\n"},
    ),
    "a key that a mapping has not": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "order: {id: 1, sum: 2}\n"}),
        "`order` has no `customer` in the sample 'a' (samples/a.yaml:1), which has `id`, `sum`",
        "prompts/a.j2:1:",
        "add it there, or correct its name",
        change={PROMPT: "{{ order.customer }}\n"},
    ),
    "misspelt keys in Handlebars": Mistake(
        configured(
            SAMPLE_FILES.replace("a.j2", "a.hbs"),
            **{
                "samples/a.yaml": "user: {name: x, age: 3}\nrows: [{title: a}]\n",
                "prompts/a.hbs": "{{user.zip}} {{#each rows}}{{this.titel}}{{/each}}",
            },
        ),
        "'user.zip' and 'this.titel' are undefined",
        "prompts/a.hbs:1:",
        "did you mean one of `name`, `age` for `user.zip`, `this.title` for `this.titel`?",
    ),
    "a key that is called like a method": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "order: {items: [{id: 1}]}\n"}),
        "`order.items` is a method of every mapping, and not its key",
        "prompts/a.j2:1:",
        "write `order['items']`",
        change={PROMPT: "{{ order.items[0].id }}\n"},
    ),
    "a text that is added to, of a sample in the configuration": Mistake(
        configured(BODY + SAMPLES),
        "`+` needs a number, and `name` is a text in the sample 'typical' "
        "(.github/reviewbot.yml:7)",
        "prompts/a.j2:1:",
        "give a number there, or write `~`, which joins texts",
        change={PROMPT: "{{ name + 1 }}\n"},
    ),
    "a misspelt key of a sample in the configuration": Mistake(
        configured(
            BODY + "    samples:\n      - name: x\n        variables:\n          order: {id: 1}\n"
        ),
        "`order` has no `idd` in the sample 'x' (.github/reviewbot.yml:10), which has `id`",
        "prompts/a.j2:1:",
        "write `idd` there, or `order.id` in the prompt",
        change={PROMPT: "{{ order.idd }}\n"},
    ),
    "a sample that is a list": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "- name: Ann\n"}),
        "this is a list, and no mapping",
        "samples/a.yaml:1:",
        "write `name:` instead of `- name:`",
        change={PROMPT: "{{ name }}\n"},
    ),
    "a comma that JSON lacks": Mistake(
        configured(SAMPLE_FILES.replace("yaml", "json"), **{"samples/a.json": '{"a": 1\n"b": 2}'}),
        'this is not JSON: no comma stands before `"b"`',
        "samples/a.json:2:",
        "put one there",
        change={PROMPT: "{{ a }}\n"},
    ),
    "a binary file as a prompt": Mistake(
        configured(BODY),
        "a NUL byte stands in the file",
        "prompts/a.j2:2:",
        "save it as UTF-8 text",
        change={PROMPT: b"Hello\n\0\n"},
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_the_message_says_what_where_and_the_mend(
    name: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_told(MISTAKES[name], repository, monkeypatch)


@pytest.mark.parametrize(
    ("text", "stand_in"),
    [
        ("{{ now() }} {{ name }}", "{functions: {now: {value: {tokens: 10}}}}"),
        ("{{ name.initials() }}", "{methods: {initials: {value: {tokens: 10}}}}"),
        ("{{ name | redact_pii }}", "{filters: {redact_pii: same}}"),
        ("{% if name is big %}{{ name }}{% endif %}", "{tests: {big: {value: true}}}"),
        ("{{ gettext('Hello') }}", "{functions: {gettext: same}}"),
        ("{% do [].append(name) %}a", "{extensions: [do]}"),
    ],
)
@pytest.mark.parametrize("where", ["workflow", "defaults"])
def test_the_mend_works_when_it_is_typed(
    text: str, stand_in: str, where: str, repository: Repository
) -> None:
    body = BODY + SAMPLES
    mended = (
        body + f"    templates: {stand_in}\n"
        if where == "workflow"
        else body.replace("workflows:", f"defaults: {{templates: {stand_in}}}\nworkflows:")
    )
    repository.commit(configured(body, **{PROMPT: "Hello\n"}))
    repository.branch("work")
    repository.commit(configured(mended, **{PROMPT: text}))
    report = review(repository).report
    (workflow,) = report["workflows"]
    assert workflow["problems"] == []
    assert workflow["after"] is not None


def test_a_prompt_that_is_emptied_is_told(repository: Repository) -> None:
    repository.commit(configured(BODY, **{PROMPT: "Hello\n"}))
    repository.branch("work")
    repository.commit({PROMPT: " \n\n"})
    outcome = review(repository)
    (finding,) = outcome.report["findings"]
    assert (finding["rule"], finding["verdict"], outcome.code) == ("emptied", "warn", 0)
    assert finding["text"].startswith(
        f"triage: the prompt {PROMPT} is empty now; restore its text, or"
    )
    assert finding["place"]["file"] == PROMPT


@pytest.mark.parametrize(
    ("path", "before", "after", "mend"),
    [
        ("s/a.py", "A = f'Hello, dear {name}'\n", "A = 'Hello, dear {name}'\n", "is an f missing"),
        ("s/a.py", "A = 'b' f'Hi {name}'\n", "A = f'{b}' 'Hi {name}'\n", "is an f missing"),
        ("s/a.ts", "const A = `Hi ${name}`\n", "const A = 'Hi ${name}'\n", "backticks missing"),
    ],
)
def test_a_string_that_is_a_template_no_more_is_told(
    repository: Repository, path: str, before: str, after: str, mend: str
) -> None:
    samples = "    samples: [{name: typical, variables: {name: Ann, b: c}}]\n"
    files = configured(BODY.replace(PROMPT, f"{path}#A") + samples, **{path: before})
    repository.commit(files)
    repository.branch("work")
    repository.commit({path: after})
    texts = [finding["text"] for finding in review(repository).report["findings"]]
    assert any("{name} is sent as it stands" in text and mend in text for text in texts)
