"""Another schema, or other retries, of a call that sends a prompt: what cannot be compared is told."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MUCH = "Weigh each parcel twice before it goes to a shelf. " * 9
OWN = f"""\
class Small(BaseModel):
    place: str = Field(description="{MUCH}")


class Large(BaseModel):
    place: str = Field(description="{MUCH}")


"""
APP = f"""\
from openai import OpenAI
from prompts import SYSTEM
from helper import Answer, Other, settings

client = OpenAI()
FEW = 4
TABLE = {{"type": "object", "properties": {{}}}}


{OWN}def ask(q):
    return client.create(model="gpt-4o", ASKEDmessages=[{{"role": "system", "content": SYSTEM}}])
"""
SCRIPT = """\
import { SYSTEM } from "./prompts";
import { Answer, Other } from "./helper";
const client = new OpenAI();
const Small = z.object({ place: z.string() });
export const ask = (q: string) =>
  generateObject({ model: openai("gpt-4o"), ASKED, system: SYSTEM, prompt: q });
"""


def reviewed(repository: Repository, was: str, now: str) -> Outcome:
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": APP.replace("ASKED", was),
    }
    return change(repository, files, {"app.py": APP.replace("ASKED", now)})


def reviewed_script(repository: Repository, was: str, now: str) -> Outcome:
    files = {
        CONFIGURATION: configuration({"w": workflow('"src/prompts.ts#SYSTEM"')}),
        "src/prompts.ts": f'export const SYSTEM = "{RULES}";\n',
        "src/app.ts": SCRIPT.replace("ASKED", was),
    }
    return change(repository, files, {"src/app.ts": SCRIPT.replace("ASKED", now)})


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("response_format=Answer, ", "response_format=Other, "),
        ("", "output_type=Other, "),
        ("response_model=list[Answer], ", "response_model=list[Answer | Other], "),
        ("text_format=Small, ", "text_format=Other, "),
        ("text_format=Small, ", "text_format=Union[Small, Large], "),
        ("text_format=Small, ", "text_format=Union[Small, Other], "),
        ("response_format={'json_schema': Answer}, ", "response_format={'json_schema': Other}, "),
        ("response_schema=Answer, ", "response_schema=settings.schemas.largest(Answer), "),
        (
            "output_type=dict(one_of_the_answers=Answer, two_of_the_answers=None), ",
            "output_type=dict(one_of_the_answers=Answer, two_of_the_answers=Other), ",
        ),
    ],
)
def test_a_schema_that_cannot_be_compared_needs_approval(
    repository: Repository, was: str, now: str
) -> None:
    outcome = reviewed(repository, was, now)
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"]) == (1, "needs-approval")
    assert found["text"].startswith(f"`{now.partition('=')[0]}` is `")


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("schema: Answer", "schema: Other"),
        ("schema: z.array(Answer)", "schema: z.array(Other)"),
        ("schema: Small", "schema: z.union([Small, Other])"),
        (
            'schema: z.object({ one: Answer.describe("one") })',
            'schema: z.object({ one: Other.describe("one") })',
        ),
    ],
)
def test_so_it_does_in_typescript(repository: Repository, was: str, now: str) -> None:
    outcome = reviewed_script(repository, was, now)
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["text"][:11]) == (1, "`schema` is")


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("response_format=Small, ", "response_format=Large, "),
        ("response_format=Answer, ", "response_format=Answer, temperature=0, "),
        ("response_format=Answer, ", "response_format={'type': 'json_object'}, "),
        ("", "response_format=TABLE, "),
        ("response_format=Large, ", "response_format=Large.model_json_schema(), "),
        ("output_type=Optional[Other], ", "output_type=Other, "),
    ],
)
def test_one_that_is_no_longer_is_free(repository: Repository, was: str, now: str) -> None:
    outcome = reviewed(repository, was, now)
    assert (outcome.code, outcome.report["findings"]) == (0, [])


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("max_retries=settings.few, ", "max_retries=9, "),
        ("max_retries=settings.few, ", "max_retries=settings.many, "),
        ("max_retries=3, ", "max_retries=settings.many, "),
        ("max_retries=3, ", "max_retries=4, "),
        ("num_retries=few(), ", "num_retries=3, "),
    ],
)
def test_retries_that_may_be_more_are_a_warning(repository: Repository, was: str, now: str) -> None:
    outcome = reviewed(repository, was, now)
    (found,) = outcome.report["findings"]
    assert (found["verdict"], "calls may rise" in found["text"]) == ("warn", True)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("max_retries=settings.few, ", "max_retries=2, "),
        ("max_retries=9, ", "max_retries=4, "),
        ("max_retries=9, ", "max_retries=FEW, "),
        ("max_retries=settings.few, ", ""),
    ],
)
def test_as_many_as_usual_or_before_are_none(repository: Repository, was: str, now: str) -> None:
    assert reviewed(repository, was, now).report["findings"] == []


def test_what_a_schema_names_in_the_end_is_part_of_it(repository: Repository) -> None:
    classes = 250
    chain = "".join(f"class A{n}(B):\n  x: A{n + 1}\n" for n in range(classes))
    own = f"{chain}class A{classes}(B):\n  x: str = Field(description='')\n\n\nAnswer = A0\n"
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": APP.replace("ASKED", "response_format=A0, ").replace("Answer", "A0"),
        "helper.py": own,
    }
    outcome = change(repository, files, {"helper.py": own.replace("''", f"'{MUCH}'")})
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["place"]["file"]) == (1, "helper.py")
