"""The model of a constant is that of the call in another file which sends it."""

import pytest

from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import Guess
from tests.commands.test_init_guesses import run
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

TEXT = "You give each conversation a title of five words, and you say nothing else about it, whatever it may be about. "
SMALL = "openai/gpt-4o-mini"
PROMPTS = {"src/prompts.ts": f"export const TITLE_PROMPT = `{TEXT}`;\n"}
HEAD = "import { TITLE_PROMPT } from './prompts.js';\nimport { pick } from './models.js';\n"
SENT = "{ role: 'system', content: TITLE_PROMPT }, { role: 'user', content: q }"
CHAIN = (
    "const model = new ChatOpenAI({ model: 'openai/gpt-4o-mini' }).bindTools([tool]);\n"
    f"export async function title(q) {{ return await model.invoke([{SENT}]); }}\n"
)
CALL = f"export const title = (q) => generateText({{ model: MODEL, messages: [{SENT}] }});\n"
FACTORY = "export function pick() { return isTest ? mock : openai('gpt-4o-mini'); }\n"
OF_TYPESCRIPT = {
    "a chain with tools": CHAIN,
    "a call": CALL.replace("MODEL", "openai('gpt-4o-mini')"),
    "a call with instructions": (
        "export const title = (q) => generateText({\n"
        "  model: openai('gpt-4o-mini'), system: TITLE_PROMPT, prompt: q });\n"
    ),
    "a factory in a third file": CALL.replace("MODEL", "pick()"),
    "a text put together": (
        "export async function title(q) {\n  const model = await initChatModel('openai/gpt-4o-mini');\n"
        "  return model.invoke([{ role: 'system', content: `${TITLE_PROMPT} ${q}` }]);\n}\n"
    ),
    "the same twice": CALL.replace("MODEL", "pick()") + CHAIN.replace("title", "again"),
}
NOT_ONE = {
    "two models": CHAIN + CALL.replace("MODEL", "openai('gpt-4o')").replace("title", "again"),
    "no call": "export const title = TITLE_PROMPT.length;\n",
    "one that nobody knows": CALL.replace("MODEL", "openai('our-own')"),
}


def model_of(repository: Repository, name: str) -> str | None:
    text = (repository.path / CONFIGURATION).read_text("utf-8")
    return read_configuration(text, file=CONFIGURATION).workflows[name].model


@pytest.mark.parametrize("sending", OF_TYPESCRIPT.values(), ids=OF_TYPESCRIPT)
def test_a_call_in_another_file_names_the_model(repository: Repository, sending: str) -> None:
    files = {**PROMPTS, "src/models.ts": FACTORY, "src/title.ts": HEAD + sending}
    repository.commit(files)
    said = run(repository, "init")
    assert model_of(repository, "title") == SMALL, said
    assert "title.ts:" in (repository.path / CONFIGURATION).read_text("utf-8")
    assert "name no model" not in said
    assert SMALL in run(repository, "cost")


@pytest.mark.parametrize("sending", NOT_ONE.values(), ids=NOT_ONE)
def test_what_several_calls_send_is_assumed(repository: Repository, sending: str) -> None:
    files = {**PROMPTS, "src/models.ts": FACTORY, "src/title.ts": HEAD + sending}
    repository.commit(files)
    said = run(repository, "init")
    assert model_of(repository, "title") is None
    assert "names no model: openai/gpt-4.1 stands in `defaults`" in said


def test_beside_one_that_code_computes_a_named_model_is_a_guess(repository: Repository) -> None:
    sending = CHAIN + CALL.replace("MODEL", "other(q)").replace("title", "again")
    repository.commit({**PROMPTS, "src/models.ts": FACTORY, "src/title.ts": HEAD + sending})
    said = run(repository, "init")
    assert "a model is named at src/title.ts:3 (openai/gpt-4o-mini), not connected" in said
    text = (repository.path / CONFIGURATION).read_text("utf-8")
    workflow = read_configuration(text, file=CONFIGURATION).workflows["title"]
    assert (workflow.model, Guess.MODEL in workflow.assumed) == (SMALL, True)


def test_a_call_of_python_names_the_model(repository: Repository) -> None:
    call = (
        "from app.prompts import TITLE_PROMPT\nfrom app.models import pick\n\n"
        "def title(q):\n    return pick().invoke([('system', TITLE_PROMPT), ('user', q)])\n"
    )
    factory = "def pick():\n    return ChatOpenAI(model='openai/gpt-4o-mini')\n"
    prompts = f"TITLE_PROMPT = '''{TEXT}'''\n"
    repository.commit({"app/prompts.py": prompts, "app/models.py": factory, "app/title.py": call})
    run(repository, "init")
    assert model_of(repository, "title") == SMALL


def test_a_text_in_which_the_call_fills_values_is_the_same(repository: Repository) -> None:
    lines = "\n".join(f"{number}. {TEXT}" for number in range(9))
    prompts = (
        "import { FOLDER, TAG } from '~/constants';\n"
        "export const getTitlePrompt = (folder: string = FOLDER) => `\n"
        f"{lines}\nWork in ${{folder}} alone, and write <${{TAG}}> before each title.`;\n"
    )
    call = (
        "import { streamText as _streamText } from 'ai';\n"
        "import { getTitlePrompt } from './prompts';\n"
        "import { pick } from './models';\n"
        "export const title = (messages, options) =>\n"
        "  _streamText({ model: pick(), system: getTitlePrompt(), messages, ...options });\n"
    )
    constants = "export const FOLDER = '/home/project';\nexport const TAG = 'title';\n"
    files = {"app/prompts.ts": prompts, "app/constants.ts": constants, "app/title.ts": call}
    paths = '{"compilerOptions": {"baseUrl": ".", "paths": {"~/*": ["./app/*"]}}}'
    repository.commit({**files, "app/models.ts": FACTORY, "tsconfig.json": paths})
    run(repository, "init")
    assert model_of(repository, "title") == SMALL


RULES = [f"{number}. {TEXT}" for number in range(15)]
NEAR = {
    "its first line is another": ["Sort the parcels.", *RULES[1:]],
    "its last line is another": [*RULES[:-1], "Sort the parcels."],
    "a line between is that of another text": [*RULES[:4], "Sort the parcels.", *RULES[5:]],
}


@pytest.mark.parametrize("near", NEAR.values(), ids=NEAR)
def test_a_text_that_is_nearly_the_same_lends_no_model(
    repository: Repository, near: list[str]
) -> None:
    first, other = ("\n".join(lines) for lines in (RULES, near))
    prompts = (
        f"export const TITLE_PROMPT = `\n{first}\n`;\nexport const SORT_PROMPT = `\n{other}\n`;\n"
    )
    call = (
        "import { SORT_PROMPT, TITLE_PROMPT } from './prompts.js';\n"
        "export const names = { TITLE_PROMPT };\n"
        "export const sort = (q) => generateText({ model: openai('gpt-4o-mini'),\n"
        "  system: SORT_PROMPT, prompt: q });\n"
    )
    repository.commit({"src/prompts.ts": prompts, "src/sort.ts": call})
    said = run(repository, "init")
    text = (repository.path / CONFIGURATION).read_text("utf-8")
    found = read_configuration(text, file=CONFIGURATION).workflows
    assert found["sort"].model == SMALL, said
    assert Guess.MODEL not in found["sort"].assumed
    assert Guess.MODEL in found["title"].assumed or found["title"].model is None
