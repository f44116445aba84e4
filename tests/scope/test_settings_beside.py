"""Schemas of answers, retries and caps of calls that send a prompt, wherever they are written."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MUCH = "Weigh each parcel twice before it goes to a shelf. " * 9
FIELD = "    place: str = Field(description='a shelf')\n"
ANSWER = f"class Answer(BaseModel):\n{FIELD}"
NESTED = f"class Part(BaseModel):\n{FIELD}\n\nclass Answer(BaseModel):\n    parts: list[Part]\n"
FIELDS = "".join(f"    a_field_of_number_{number}: list[str]\n" for number in range(20))
APP = """\
from openai import OpenAI
from prompts import SYSTEM
from helper import Answer, most

client = OpenAI()


def ask(q):
    return client.create(model="gpt-4o", ASKEDmessages=[{"role": "system", "content": SYSTEM}])
"""
SCRIPT = """\
import { SYSTEM } from "./prompts";
import { Answer } from "./helper";
const client = new OpenAI();
export const ask = (q: string) =>
  generateObject({ model: openai("gpt-4o"), schema: Answer, system: SYSTEM, prompt: q });
"""
ZOD = 'const Part = z.string().describe("a shelf");\nexport const Answer = z.object({ p: Part });\n'
SCHEMAS = {
    "a description": ("response_format=Answer, ", ANSWER, ANSWER.replace("a shelf", MUCH)),
    "more fields": ("response_model=Answer, ", ANSWER, ANSWER + FIELDS),
    "a class that it names": ("output_type=Answer, ", NESTED, NESTED.replace("a shelf", MUCH)),
    "a list of it": ("output_type=list[Answer], ", ANSWER, ANSWER.replace("a shelf", MUCH)),
    "its own schema": (
        "response_format={'json_schema': Answer.model_json_schema()}, ",
        ANSWER,
        ANSWER.replace("a shelf", MUCH),
    ),
}


def files(app: str, path: str = "app.py", prompt: str = "prompts.py#SYSTEM") -> dict[str, str]:
    return {
        CONFIGURATION: configuration({"w": workflow(f'"{prompt}"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "src/prompts.ts": f'export const SYSTEM = "{RULES}";\n',
        path: app,
    }


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_of_an_answer_that_grows_needs_approval(
    repository: Repository, name: str
) -> None:
    asked, before, after = SCHEMAS[name]
    own = files(APP.replace("ASKED", asked)) | {"helper.py": before}
    outcome = change(repository, own, {"helper.py": after})
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["place"]["file"]) == (1, "helper.py")
    assert " characters now, " in found["text"]


def test_so_it_does_in_typescript(repository: Repository) -> None:
    own = files(SCRIPT, "src/app.ts", "src/prompts.ts#SYSTEM") | {"src/helper.ts": ZOD}
    outcome = change(repository, own, {"src/helper.ts": ZOD.replace("a shelf", MUCH)})
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["text"][:8]) == (1, "`schema`")


@pytest.mark.parametrize(
    ("asked", "before", "after"),
    [
        ("response_format=Answer, ", ANSWER, f"{ANSWER}    more: int\n"),
        ("response_format=Answer, ", "Answer = {'type': 'text'}\n", "Answer = {'type': 'json'}\n"),
    ],
)
def test_a_schema_of_about_the_same_length_is_free(
    repository: Repository, asked: str, before: str, after: str
) -> None:
    own = files(APP.replace("ASKED", asked)) | {"helper.py": before}
    outcome = change(repository, own, {"helper.py": after})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


PLAIN = APP.replace("ASKED", "")
RETRIES = {
    "a client": ("OpenAI()\n", "OpenAI(max_retries=9)\n", "prompts.py#SYSTEM"),
    "a client of a call that is measured whole": (
        "OpenAI()\n",
        "OpenAI(max_retries=9)\n",
        "app.py#ask.messages",
    ),
    "its options": (
        "client.create",
        "client.with_options(max_retries=9).create",
        "prompts.py#SYSTEM",
    ),
    "a call": ('"gpt-4o", ', '"gpt-4o", num_retries=9, ', "prompts.py#SYSTEM"),
}


@pytest.mark.parametrize("name", RETRIES)
def test_more_retries_than_usual_are_a_warning(repository: Repository, name: str) -> None:
    old, new, prompt = RETRIES[name]
    own = files(PLAIN, prompt=prompt)
    outcome = change(repository, own, {"app.py": PLAIN.replace(old, new)})
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"]) == (0, "warn")
    assert "retries` of `9`: the number of calls may rise" in found["text"]


def test_retries_of_typescript(repository: Repository) -> None:
    own = files(SCRIPT, "src/app.ts", "src/prompts.ts#SYSTEM")
    after = SCRIPT.replace("prompt: q", "prompt: q, maxRetries: 9")
    (found,) = change(repository, own, {"src/app.ts": after}).report["findings"]
    assert "`maxRetries` of `9`" in found["text"]


def test_as_many_retries_as_the_sdk_makes_are_none(repository: Repository) -> None:
    after = PLAIN.replace("OpenAI()", "OpenAI(max_retries=2)")
    outcome = change(repository, files(PLAIN), {"app.py": after})
    assert outcome.report["findings"] == []


ENVIRONMENT = 'Answer = int(os.getenv("MAX_TOKENS", "100"))\n'
SETTINGS = (
    "class Settings(BaseSettings):\n    most: int = Field(default=100)\n\n\nAnswer = Settings()\n"
)
CAPS = {
    "a default of the environment": ("Answer", ENVIRONMENT, "100", "9000"),
    "a class of settings": ("Answer.most", SETTINGS, "100", "9000"),
    "a function": ("most()", "def most():\n    return 100\n", "100", "9000"),
    "a name behind it": ("Answer", "MOST = 100\nAnswer = MOST\n", "100", "9000"),
    "no cap any more": ("Answer", "Answer = 100\n", "100", "None"),
}


@pytest.mark.parametrize("name", CAPS)
def test_a_cap_that_another_file_raises_needs_approval(repository: Repository, name: str) -> None:
    said, before, old, new = CAPS[name]
    own = files(APP.replace("ASKED", f"max_tokens={said}, ")) | {"helper.py": before}
    outcome = change(repository, own, {"helper.py": before.replace(old, new)})
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["text"][:12]) == (1, "`max_tokens`")
    assert f"is `{new}`, it was `100`" in found["text"]


def test_a_cap_that_is_written_otherwise_is_none(repository: Repository) -> None:
    own = files(APP.replace("ASKED", "max_tokens=Answer, ")) | {"helper.py": ENVIRONMENT}
    after = 'Answer = int(os.environ.get("MAX_TOKENS", 100))\n'
    outcome = change(repository, own, {"helper.py": after})
    assert (outcome.code, outcome.report["findings"]) == (0, [])
