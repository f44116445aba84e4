"""What people get wrong in templates: each message says what, where, and the mend."""

import pytest

from tests.support.mistakes import BODY, PROMPT, SAMPLES, Mistake, check_told, configured
from tests.support.repository import Repository

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
        "the included file '../shared/rules.md' was not found",
        "prompts/a.j2:1:",
        "did you mean 'prompts/rules.md'?",
        ("check", "--worktree"),
        change={PROMPT: "{% include '../shared/rules.md' %}\n"},
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
