"""Model, cap and messages that the calls of each library name, in Python and TypeScript."""

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptFile
from reviewbot.prompt_formats import python, typescript
from tests.support.reading import read

PYTHON = {
    "anthropic": """
SYSTEM = "Answer."
def ask(q):
    return client.messages.create(
        model="m", max_tokens=9, system=SYSTEM, messages=[{"role": "user", "content": q}])
""",
    "anthropic, instructions in blocks": """
ask = client.messages.create(
    model="m", max_tokens=9, messages=history,
    system=[{"type": "text", "text": "Answer.", "cache_control": {"type": "ephemeral"}}])
""",
    "openai responses": """
def ask(q):
    return client.responses.create(
        model="m", instructions="Answer.", input=q, max_output_tokens=9)
""",
    "google-genai": """
def ask(q):
    return client.models.generate_content(
        model="m", contents=f"{q}",
        config=types.GenerateContentConfig(system_instruction="Answer.", max_output_tokens=9))
""",
    "google-genai with a mapping": """
ask = client.models.generate_content(
    model="m", contents=[{"role": "user", "parts": [{"text": "Q"}]}],
    config={"system_instruction": "Answer.", "max_output_tokens": 9})
""",
    "bedrock": """
ask = client.converse(
    modelId="m", system=[{"text": "Answer."}], inferenceConfig={"maxTokens": 9},
    messages=[{"role": "user", "content": [{"text": "Q"}]}])
""",
    "litellm": """
def ask(q):
    return completion("m", system="Answer.", prompt=q, max_tokens=9)
""",
}
TYPESCRIPT = {
    "vercel": """
const SYSTEM = "Answer.";
const ask = await generateText({ model: "m", maxOutputTokens: 9, system: SYSTEM, prompt: `${q}` });
""",
    "vercel, streamed": """
const ask = streamText({ model: "m", maxTokens: 9, system: "Answer.", messages });
""",
    "anthropic": """
const ask = await client.messages.create({
  model: "m", max_tokens: 9, system: [{ type: "text", text: "Answer." }],
  messages: [{ role: "user", content: q }],
});
""",
    "openai responses": """
const ask = await client.responses.create({
  model: "m", max_output_tokens: 9, instructions: "Answer.", input: q });
""",
    "google genai": """
const ask = await ai.models.generateContent({
  model: "m", contents: q, config: { systemInstruction: "Answer.", maxOutputTokens: 9 } });
""",
    "bedrock": """
const ask = new ConverseCommand({
  modelId: "m", system: [{ text: "Answer." }], inferenceConfig: { maxTokens: 9 },
  messages: [{ role: "user", content: [{ text: q }] }],
});
""",
}


def sent(source: str, *, is_python: bool, selector: str = "ask") -> PromptFile:
    reads, path = (python, "a.py") if is_python else (typescript, "a.ts")
    return read(reads, source, path=path, selector=selector)


@pytest.mark.parametrize("library", PYTHON)
def test_a_call_in_python_is_one_prompt_with_its_model_and_cap(library: str) -> None:
    file = sent(PYTHON[library], is_python=True)
    assert (file.model, file.max_tokens) == ("m", 9)
    assert [message.role for message in file.messages] == ["system", "user"]
    assert file.messages[0].text == "Answer."


@pytest.mark.parametrize("library", TYPESCRIPT)
def test_a_call_in_typescript_is_one_prompt_with_its_model_and_cap(library: str) -> None:
    file = sent(TYPESCRIPT[library], is_python=False)
    assert (file.model, file.max_tokens) == ("m", 9)
    assert [message.role for message in file.messages] == ["system", "user"]
    assert file.messages[0].text == "Answer."


@pytest.mark.parametrize(
    ("source", "selector", "expected"),
    [
        ('llm = ChatOpenAI(model="m", max_tokens=9)\nask = llm.invoke("Q")', "ask.0", ("m", 9)),
        (
            (
                'llm = ChatOpenAI(model="m").bind(max_tokens=9)\n'
                'ask = llm.invoke([("system", "A"), ("human", "Q")])'
            ),
            "ask.0",
            ("m", 9),
        ),
        (
            (
                'llm = init_chat_model("m", model_provider="google_genai", max_tokens=9)\n'
                "ask = llm.invoke([SystemMessage('A')])"
            ),
            "ask.0",
            ("google/m", 9),
        ),
        (
            'llm = init_chat_model("bedrock_converse:m")\nask = llm.invoke([SystemMessage("A")])',
            "ask.0",
            ("bedrock/m", None),
        ),
        (
            (
                'llm = ChatAnthropic(model="m", max_tokens=9)\n'
                'ask = PromptTemplate.from_template("Say {q}")\nchain = ask | llm | parser'
            ),
            "ask",
            ("m", 9),
        ),
        (
            'ask = ChatPromptTemplate.from_messages([("system", "A")]) | ChatOpenAI(model="m")',
            "ask",
            ("m", None),
        ),
        ('ask = Agent(llm=LLM("m", max_tokens=9), backstory="B")', "ask.backstory", ("m", 9)),
        (
            'ask = Agent(model="m", model_settings=ModelSettings(max_tokens=9), instructions="B")',
            "ask.instructions",
            ("m", 9),
        ),
        (
            (
                'model = GenerativeModel("m", generation_config={"max_output_tokens": 9})\n'
                'ask = model.generate_content("Say it, and say it to all of them right here.")'
            ),
            "ask.0",
            ("m", 9),
        ),
        ('ask = llm.invoke("Q")', "ask.0", (None, None)),
        ('ask = Agent(model=chosen(), instructions="B")', "ask.instructions", (None, None)),
    ],
)
def test_model_and_cap_stand_where_the_model_is_made(
    source: str, selector: str, expected: object
) -> None:
    source = source.replace('"Q"', '"Say it, and say it to all of them right here."')
    file = sent(source, is_python=True, selector=selector)
    assert (file.model, file.max_tokens) == expected


@pytest.mark.parametrize(
    ("source", "selector", "expected"),
    [
        (
            (
                'const llm = new ChatOpenAI({ model: "m", maxTokens: 9 });\n'
                'const ask = await llm.invoke([new SystemMessage("A")]);'
            ),
            "ask.0",
            ("m", 9),
        ),
        (
            (
                'const llm = await initChatModel("m", { modelProvider: "openai", maxTokens: 9 });\n'
                'const ask = await llm.withRetry().invoke([new SystemMessage("A")]);'
            ),
            "ask.0",
            ("openai/m", 9),
        ),
        (
            (
                'const ask = ChatPromptTemplate.fromMessages([["system", "A"]])\n'
                '  .pipe(new ChatOpenAI({ model: "m" }));'
            ),
            "ask",
            ("m", None),
        ),
        (
            (
                'const ask = PromptTemplate.fromTemplate("A {q}");\n'
                'const llm = new ChatOpenAI({ model: "m" });\nconst chain = ask.pipe(llm);'
            ),
            "ask",
            ("m", None),
        ),
        (
            (
                'const ask = ai.getGenerativeModel({ model: "m", systemInstruction: "A",\n'
                "  generationConfig: { maxOutputTokens: 9 } });"
            ),
            "ask.systemInstruction",
            ("m", 9),
        ),
        (
            (
                'const model = openai.chat("m");\n'
                'const ask = generateObject({ model, prompt: "A", maxOutputTokens: 9 });'
            ),
            "ask.prompt",
            ("openai/m", 9),
        ),
        ('const ask = chosen({ prompt: "A", model: pick() });', "ask.prompt", (None, None)),
    ],
)
def test_model_and_cap_of_scripts_stand_where_the_model_is_made(
    source: str, selector: str, expected: object
) -> None:
    file = sent(source, is_python=False, selector=selector)
    assert (file.model, file.max_tokens) == expected


@pytest.mark.parametrize(
    "source",
    [
        'ask = generate_content(model="m", contents="Q", system_instruction="A", config={%s})',
        'ask = converse(modelId="m", messages=m, system="A", inferenceConfig={%s})',
    ],
)
def test_what_settings_ask_for_beside_the_cap_is_told(source: str) -> None:
    file = sent(source % '"max_output_tokens": 9, "tools": [{"name": "a"}]', is_python=True)
    assert file.max_tokens == 9
    assert "tools" in file.call_parameters.features
    unknown = sent(source % "**more", is_python=True)
    assert unknown.max_tokens is None
    assert unknown.call_parameters.features


def test_a_model_behind_itself_is_not_followed() -> None:
    source = "a = b.bind()\nb = a.bind()\n" + "c = a\n" * 3 + 'ask = a.invoke([SystemMessage("A")])'
    assert sent(source, is_python=True, selector="ask.0").model is None
    script = "const a = b.bind();\nconst b = a.bind();\n"
    script += 'const ask = a.invoke([new SystemMessage("A")]);'
    assert sent(script, is_python=False, selector="ask.0").model is None


def test_a_part_that_only_the_program_knows_is_named() -> None:
    source = 'ask = create(model="m", system="A", messages=[{"role": role(), "content": "Q"}])'
    with pytest.raises(MeasurementError, match="known only when the program runs"):
        sent(source, is_python=True)
