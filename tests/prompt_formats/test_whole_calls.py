"""A call that is given both halves of a request sends them as one, whatever its model comes from."""

from types import ModuleType

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt import Discovered, PromptText
from reviewbot.prompt_formats import python, typescript
from tests.support.reading import HERE, read

SYSTEM = (
    "You sort the mail of a large house by sender and by urgency, and you name the reason for each."
)
TYPESCRIPT = f"""\
export async function clean({{ mail, account }}: Given) {{
  const system = `{SYSTEM}`;
  const prompt = `Mail: ${{mail}}`;
  const modelOptions = getModel(account.user);
  const generateObject = createGenerateObject({{ label: "Clean", modelOptions }});
  CALL
  return answer.object;
}}
"""
PYTHON = f"""\
def clean(mail, account):
    system = "{SYSTEM}"
    prompt = f"Mail: {{mail}}"
    options = get_model(account.user)
    client = create_client(label="Clean")
    CALL
    return answer.object
"""

CALLS = [
    (typescript, "const answer = await generateObject({ ...modelOptions, system, prompt, schema });"),
    (typescript, "const answer = await generateObject({ system, prompt });"),
    (typescript, "const answer = await createGenerateObject({ label })({ system, prompt });"),
    (typescript, "const answer = await askTheModel({ ...modelOptions, system, prompt });"),
    (typescript, "const answer = await generateText({ system: guided({ system, more }), prompt });"),
    (python, "answer = client.generate(system=guided(system, more), prompt=prompt)"),
    (typescript, "const answer = await generateText({ system: guided({ system }, more).system, prompt });"),
    (typescript, "const answer = await withRetry(() => generateText({ system, prompt }));"),
    (typescript, "const answer = await this.llm.ask({ system, messages: [{ role: 'user', content: prompt }] });"),
    (python, "answer = client.generate(system=system, prompt=prompt, **options)"),
    (python, "answer = ask_the_model(**options, system=system, prompt=prompt)"),
    (python, "answer = client.ask(system=system, messages=[{'role': 'user', 'content': prompt}], **options)"),
    (python, "answer = create_client(label)(system=system, prompt=prompt)"),
]  # fmt: skip


def source(module: ModuleType, call: str) -> str:
    return (TYPESCRIPT if module is typescript else PYTHON).replace("CALL", call)


def discovered(module: ModuleType, text: str) -> tuple[Discovered, ...]:
    path = "a.ts" if module is typescript else "a.py"
    found: tuple[Discovered, ...] = module.discover(
        PromptText(path=path, text=text, surroundings=HERE)
    )
    return found


@pytest.mark.parametrize(("module", "call"), CALLS)
def test_both_halves_of_a_call_are_one_prompt(module: ModuleType, call: str) -> None:
    text = source(module, call)
    (found,) = discovered(module, text)
    assert found.parts[:1] == ("clean.system",)
    file = read(module, text, path="a.ts", selector=found.selector)
    assert [message.role for message in file.messages] == ["system", "user"]
    assert "Mail: " in file.messages[1].text


@pytest.mark.parametrize(
    ("module", "call"),
    [
        (typescript, "logger.info({ system, prompt });"),
        (typescript, "const answer = buildPrompt({ system, prompt });"),
        (python, "logger.info('%s', system=system, prompt=prompt)"),
        (python, "answer = build_prompt(system=system, prompt=prompt)"),
    ],
)
def test_what_only_looks_at_both_or_makes_a_text_of_them_sends_nothing(
    module: ModuleType, call: str
) -> None:
    found = discovered(module, source(module, call))
    assert [item.selector for item in found if item.parts] == []


@pytest.mark.parametrize(("module", "call", "callee"), [
    (typescript, CALLS[0][1], "generateObject"),
    (typescript, CALLS[3][1], "askTheModel"),
    (typescript, CALLS[4][1], "generateText"),
    (python, CALLS[5][1], "generate"),
])  # fmt: skip
def test_a_call_is_selected_by_what_is_called(module: ModuleType, call: str, callee: str) -> None:
    file = read(module, source(module, call), path="a.ts", selector=f"clean.{callee}")
    assert [message.role for message in file.messages] == ["system", "user"]


def test_the_one_text_of_a_call_is_selected_by_what_is_called() -> None:
    text = source(typescript, "const answer = await generateObject({ ...modelOptions, prompt });")
    file = read(typescript, text, path="a.ts", selector="clean.generateObject")
    assert [message.role for message in file.messages] == ["user"]


def test_several_calls_by_one_name_are_told_apart_by_their_lines() -> None:
    text = source(typescript, f"{CALLS[0][1]}\n  {CALLS[0][1].replace('answer', 'again')}")
    with pytest.raises(MeasurementError, match=r"is called in lines 6, 7.*the answer's own name"):
        read(typescript, text, path="a.ts", selector="clean.generateObject")


def test_what_cannot_be_settled_is_said_at_the_line_of_the_call() -> None:
    call = "const answer = await generateObject({ system, messages: [{ role: 'user', content: [image] }] });"
    text = source(typescript, call)
    with pytest.raises(MeasurementError, match=r"a.ts:6: .*holds a part of a message"):
        read(typescript, text, path="a.ts", selector="clean.generateObject")


@pytest.mark.parametrize(("module", "call"), CALLS[:1])
def test_a_short_half_of_a_call_is_not_left_out(module: ModuleType, call: str) -> None:
    text = source(module, call).replace("Mail: ", "The mail that is to be sorted now: ")
    misses = module.near_misses(PromptText(path="a.ts", text=text, surroundings=HERE))
    assert misses == ()
