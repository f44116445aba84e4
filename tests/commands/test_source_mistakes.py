"""What people get wrong where prompts are source code: what, where, and the mend."""

import pytest

from tests.support.mistakes import BODY, Mistake, at, check_told, configured
from tests.support.repository import Repository

BOT = 'OTHER = "Be brief."\nSYSTEM = "You are a helpful assistant."\n'
MANY = "".join(f'P{number} = "Be kind to number {number}."\n' for number in range(20)) + BOT
HOLDER_TS = (
    "export const PROMPTS = {\n  summary: `Sum up for ${who}.`,\n  title: 'Give a title.',\n};\n"
)
HOLDER_TS_CLASS = "export class P {\n  static summary = 'Sum up.';\n  static title = 'Title.';\n}\n"
HOLDER_PY = 'PROMPTS = {"summary": "Sum up.", "title": "Give a title."}\n'
HOLDER_CLASS = f"class Own:\n    {HOLDER_PY}"
PROMPTS = at(4, "workflows.triage.prompts")
MISTAKES = {
    "no name of a constant": Mistake(
        configured(BODY.replace("prompts/a.j2", "src/bot.py"), **{"src/bot.py": BOT}),
        "'src/bot.py' is source code, and may hold several prompts",
        PROMPTS,
        "say which is meant: `src/bot.py#SYSTEM`, or `#OTHER`\n",
    ),
    "a blank before the name of a constant": Mistake(
        configured(BODY.replace("prompts/a.j2", "src/bot.py #OTHER"), **{"src/bot.py": BOT}),
        "` #OTHER` behind 'src/bot.py' is a remark in YAML: a blank stands before the `#`",
        PROMPTS,
        "write `src/bot.py#OTHER`\n",
    ),
    "a remark behind a path": Mistake(
        configured(BODY.replace("prompts/a.j2", "'src/bot.py' # mine"), **{"src/bot.py": BOT}),
        "'src/bot.py' is source code, and may hold several prompts",
        PROMPTS,
        "say which is meant: `src/bot.py#SYSTEM`, or `#OTHER`\n",
    ),
    "no name of the only constant": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "src/bot.ts"),
            **{"src/bot.ts": 'export const SYSTEM = "You are a helpful assistant.";\n'},
        ),
        "'src/bot.ts' is source code, and may hold several prompts",
        PROMPTS,
        "say which is meant: `src/bot.ts#SYSTEM`\n",
    ),
    "no name of many constants": Mistake(
        configured(BODY.replace("prompts/a.j2", "src/bot.py"), **{"src/bot.py": MANY}),
        "'src/bot.py' is source code, and may hold several prompts",
        PROMPTS,
        "`#P7` and 13 more\n",
    ),
    "no name in a file that cannot be read": Mistake(
        configured(BODY.replace("prompts/a.j2", "src/bot.py"), **{"src/bot.py": "def ("}),
        "'src/bot.py' cannot be read: this is not Python: invalid syntax in line 1",
        PROMPTS,
        "correct it; it is read by Python",
    ),
    "no name in a file without a text": Mistake(
        configured(BODY.replace("prompts/a.j2", "src/bot.py"), **{"src/bot.py": "A = 1\n"}),
        "the name 'src/bot.py' does not tell the prompt's format",
        PROMPTS,
        "say which prompt in it is meant: `src/bot.py#NAME`",
    ),
    **{
        f"the name of {what}": Mistake(
            configured(BODY.replace("prompts/a.j2", f"{path}#{name}"), **{path: text}),
            f"{path}: `{name}` holds several prompts",
            PROMPTS,
            f"name one: `{path}#{name}.summary`, or `#{name}.title`",
        )
        for what, path, name, text in (
            ("an object", "src/bot.ts", "PROMPTS", HOLDER_TS),
            ("a mapping", "src/bot.py", "PROMPTS", HOLDER_PY),
            ("a mapping in a class", "src/bot.py", "Own.PROMPTS", HOLDER_CLASS),
            (
                "a class",
                "src/bot.py",
                "Prompts",
                "class Prompts:\n    summary = 'Be'\n    title = 'T'\n",
            ),
            ("a class of TypeScript", "src/bot.ts", "P", HOLDER_TS_CLASS),
        )
    },
    "the name of an object with one text": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "src/bot.ts#P"),
            **{"src/bot.ts": "export const P = { a: 'You are kind.', n: 1 };\n"},
        ),
        "src/bot.ts: `P` holds a prompt",
        PROMPTS,
        "name it: `src/bot.ts#P.a`\n",
    ),
    "the name of an object with a model beside its text": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "src/bot.ts#P"),
            **{"src/bot.ts": "export const P = { model: ['gpt-4.1'], a: 'You are kind.' };\n"},
        ),
        "src/bot.ts: `P` holds a prompt",
        PROMPTS,
        "name it: `src/bot.ts#P.a`\n",
    ),
    "no name, and a misspelt file": Mistake(
        configured(BODY.replace("prompts/a.j2", "src/bto.py"), **{"src/bot.py": BOT}),
        "'src/bto.py': there is no such file",
        PROMPTS,
        "did you mean `src/bot.py#NAME`?",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_the_message_says_what_where_and_the_mend(
    name: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_told(MISTAKES[name], repository, monkeypatch)
