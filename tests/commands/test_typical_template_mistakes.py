"""What people get wrong in templates: each message says what, where, and the mend."""

import pytest

from tests.support.mistakes import BODY, PROMPT, SAMPLES, Mistake, check_told, configured
from tests.support.repository import Repository
from tests.support.reviewing import review

SAMPLE_FILES = BODY + "    samples: samples/*.yaml\n"
MISTAKES = {
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
        "give a list there",
        change={PROMPT: "{% for line in lines %}\n{{ line.id }}{% endfor %}\n"},
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
        "did you mean `order.id`?",
        change={PROMPT: "{{ order.idd }}\n"},
    ),
    "a misspelt key of an item": Mistake(
        configured(SAMPLE_FILES, **{"samples/a.yaml": "orders: [{id: 1}, {id: 2}]\n"}),
        "`order` has no `idd` in the sample 'a' (samples/a.yaml:1)",
        "prompts/a.j2:2:",
        "did you mean `order.id`?",
        change={PROMPT: "{% for order in orders %}\n{{ order.idd }}{% endfor %}\n"},
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
