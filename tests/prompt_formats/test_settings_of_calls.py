"""What a call asks for itself goes before what its model was made with; what is computed is said."""

import pytest

from reviewbot.prompt import PromptFile
from reviewbot.prompt_formats import python, typescript
from tests.support.reading import read

TEXT = "Say it, and say it to all of them right here."
LLM = 'llm = ChatOpenAI(model="m", max_tokens=9)\n'
MADE = 'const llm = new ChatOpenAI({ model: "m", maxTokens: 9 });\n'


def in_python(source: str, selector: str = "ask.0") -> PromptFile:
    return read(python, source.replace('"Q"', f'"{TEXT}"'), path="a.py", selector=selector)


def in_typescript(source: str, selector: str = "ask.0") -> PromptFile:
    return read(typescript, source.replace('"Q"', f'"{TEXT}"'), path="a.ts", selector=selector)


def told(file: PromptFile) -> dict[str, str]:
    return {item.key: item.value for item in file.settings}


@pytest.mark.parametrize(
    ("call", "expected", "said"),
    [
        ('llm.invoke("Q", model="dear", max_tokens=90)', ("dear", 90), {}),
        ('llm.invoke("Q", model="dear")', ("dear", 9), {}),
        ('llm.invoke("Q", max_tokens=n)', ("m", None), {"max_tokens": '"n"'}),
        (
            'llm.invoke("Q", model=large(), max_tokens=n)',
            (None, None),
            {"model": '"large()"', "max_tokens": '"n"'},
        ),
        ('llm.invoke("Q", max_tokens=None)', ("m", None), {}),
        ('llm.bind(max_tokens=90).invoke("Q")', ("m", 90), {}),
        ('llm.bind(model=large()).invoke("Q", max_tokens=90)', (None, 90), {"model": '"large()"'}),
        ('llm.with_retry(stop_after_attempt=3).invoke("Q")', ("m", 9), {}),
        ('llm.invoke("Q", n=5)', ("m", 9), {}),
        ('llm.invoke("Q", top_a=5)', ("m", 9), {"top_a": "5"}),
        ('llm.invoke("Q", **more)', ("m", 9), {"**": '"**more"'}),
        ('llm.invoke("Q", {"configurable": {"model": "dear"}})', ("m", 9), {"configurable": None}),
        ('llm.bind_tools([look_up]).invoke("Q")', ("m", 9), {"tools": '"[look_up]"'}),
        ('llm.with_structured_output(Order).invoke("Q")', ("m", 9), {"response_format": '"Order"'}),
        ('llm.with_fallbacks([other]).invoke("Q")', ("m", 9), {"fallbacks": '"[other]"'}),
    ],
)
def test_own_settings_in_python_go_before_those_of_the_model(
    call: str, expected: object, said: dict[str, str | None]
) -> None:
    file = in_python(f"{LLM}ask = {call}")
    assert (file.model, file.max_tokens) == expected
    found = told(file)
    assert found == {key: found.get(key) if value is None else value for key, value in said.items()}


@pytest.mark.parametrize(
    ("call", "expected", "said"),
    [
        ('llm.invoke("Q", { model: "dear", maxTokens: 90 })', ("dear", 90), {}),
        ('llm.invoke("Q", { maxTokens: 90 })', ("m", 90), {}),
        ('llm.invoke("Q", { maxTokens: n })', ("m", None), {"maxTokens": '"n"'}),
        (
            'llm.invoke("Q", { model: large(), maxTokens: n })',
            (None, None),
            {"model": '"large()"', "maxTokens": '"n"'},
        ),
        ('llm.bind({ maxTokens: 90 }).invoke("Q")', ("m", 90), {}),
        ('llm.invoke("Q", { topA: 5 })', ("m", 9), {"topA": "5"}),
        ('llm.invoke("Q", { ...more })', ("m", 9), {"**": '"...more"'}),
        ('llm.invoke("Q", options)', ("m", 9), {"**": '"options"'}),
        ('llm.invoke("Q", { configurable: { model: "dear" } })', ("m", 9), {"configurable": None}),
        ('llm.bindTools([lookUp]).invoke("Q")', ("m", 9), {"tools": '"[lookUp]"'}),
        ('llm.withStructuredOutput(Order).invoke("Q")', ("m", 9), {"response_format": '"Order"'}),
        ('llm.withFallbacks([other]).invoke("Q")', ("m", 9), {"fallbacks": '"[other]"'}),
    ],
)
def test_own_settings_in_typescript_go_before_those_of_the_model(
    call: str, expected: object, said: dict[str, str | None]
) -> None:
    selector = "ask.0@2" if "([" in call else "ask.0"
    file = in_typescript(f"{MADE}const ask = await {call};", selector)
    assert (file.model, file.max_tokens) == expected
    found = told(file)
    assert found == {key: found.get(key) if value is None else value for key, value in said.items()}


@pytest.mark.parametrize(
    ("made", "given"),
    [
        ("disable_streaming=True, streaming=s", ""),
        ("rate_limiter=limiter, cache=c, verbose=v", ""),
        ("request_timeout=t, max_retries=r", ""),
        ("http_async_client=c, include_response_headers=h", ""),
        ("tags=t, metadata={'a': b()}, callbacks=[c]", ""),
        (
            "",
            "config={'run_name': 'x', 'run_id': new(), 'max_concurrency': n, 'workflow_name': n, 'runtime_context': n}",
        ),
        ("", "config={'tags': t, 'metadata': m, 'callbacks': [c]}"),
        ("", "{'run_name': name, 'maxConcurrency': 5}"),
    ],
)
def test_how_langchain_runs_a_call_is_no_setting_of_its_request(made: str, given: str) -> None:
    file = in_python(f'llm = ChatOpenAI(model="m", {made})\nask = llm.invoke("Q", {given})')
    assert (told(file), file.parameters.features) == ({}, ())


@pytest.mark.parametrize(
    ("made", "answers", "said"),
    [
        ("n=5", 5, {}),
        ('service_tier="priority"', 1, {"service_tier": '"priority"'}),
        ('reasoning_effort="high"', 1, {"reasoning_effort": '"high"'}),
        ("base_url=chosen()", 1, {"base_url": '"chosen()"'}),
        ('model_kwargs={"top_a": 1}, temperature=0', 1, {"top_a": "1"}),
        ("**settings", 1, {"**": '"**settings"'}),
    ],
)
def test_what_a_model_is_made_with_in_python_is_told(
    made: str, answers: int, said: dict[str, str]
) -> None:
    made = f'llm = ChatOpenAI(model="m", {made})\n'
    for source, selector in (
        (f'{made}ask = llm.invoke("Q")', "ask.0"),
        (
            f'{made}ask = PromptTemplate.from_template("Q")\nchain = ask | llm | StrOutputParser()',
            "ask",
        ),
        (f'{made}ask = Agent(llm=llm, backstory="Q")', "ask.backstory"),
    ):
        file = in_python(source, selector)
        assert (file.model, file.answers, told(file)) == ("m", answers, said)


@pytest.mark.parametrize(
    ("made", "answers", "said"),
    [
        ("n: 5", 5, {}),
        ('serviceTier: "priority"', 1, {"serviceTier": '"priority"'}),
        ('reasoning: { effort: "high" }', 1, {"reasoning.effort": '"high"'}),
        ("modelKwargs: { topA: 1 }, temperature: 0", 1, {"topA": "1"}),
        ("...settings", 1, {"**": '"...settings"'}),
    ],
)
def test_what_a_model_is_made_with_in_typescript_is_told(
    made: str, answers: int, said: dict[str, str]
) -> None:
    made = f'const llm = new ChatOpenAI({{ model: "m", {made} }});\n'
    for source, selector in (
        (f'{made}const ask = await llm.invoke("Q");', "ask.0"),
        (
            f'{made}const ask = PromptTemplate.fromTemplate("Q");\nconst chain = ask.pipe(llm);',
            "ask",
        ),
    ):
        file = in_typescript(source, selector)
        assert (file.model, file.answers, told(file)) == ("m", answers, said)


@pytest.mark.parametrize(
    ("source", "selector", "expected", "said"),
    [
        ('ask = Agent(model=chosen(), instructions="Q")', "instructions", (None, None), "chosen()"),
        ('ask = create(model="m", prompt="Q", max_tokens=n)', "prompt", ("m", None), "n"),
        (
            'ask = Agent(model="m", model_settings=settings, instructions="Q")',
            "instructions",
            ("m", None),
            "settings",
        ),
        (
            'ask = Agent(model="m", model_settings=ModelSettings(max_tokens=n), instructions="Q")',
            "instructions",
            ("m", None),
            "n",
        ),
        (
            'ask = Agent(model="m", model_settings=ModelSettings(top_a=1), instructions="Q")',
            "instructions",
            ("m", None),
            1,
        ),
        (
            'ask = Agent("openai:m", model_settings={"max_tokens": 9}, system_prompt="Q")',
            "system_prompt",
            ("openai:m", 9),
            None,
        ),
        (
            'ask = Agent(OpenAIModel("m"), model_settings={"max_tokens": 9}, system_prompt="Q")',
            "system_prompt",
            ("m", 9),
            None,
        ),
        (
            'ask = Agent(model="m", tools=[look_up], instructions="Q")',
            "instructions",
            ("m", None),
            "[look_up]",
        ),
        (
            'client = OpenAI(base_url="u", timeout=3)\nask = client.create(model="m", prompt="Q")',
            "prompt",
            ("m", None),
            "u",
        ),
    ],
)
def test_settings_of_agents_and_clients_are_told_in_python(
    source: str, selector: str, expected: object, said: object
) -> None:
    file = in_python(source, f"ask.{selector}")
    assert (file.model, file.max_tokens) == expected
    values = [] if said is None else [f'"{said}"' if isinstance(said, str) else str(said)]
    assert [*told(file).values()] == values


@pytest.mark.parametrize(
    ("keys", "key", "expected", "said"),
    [
        (
            'model: chosen(), instructions: "Q"',
            "instructions",
            (None, None),
            {"model": '"chosen()"'},
        ),
        (
            'model: "m", maxTokens: n, instructions: "Q"',
            "instructions",
            ("m", None),
            {"maxTokens": '"n"'},
        ),
        (
            'model: "m", modelSettings: settings, instructions: "Q"',
            "instructions",
            ("m", None),
            {"modelSettings": '"settings"'},
        ),
        (
            'model: "m", modelSettings: { topA: 1, maxTokens: 9 }, instructions: "Q"',
            "instructions",
            ("m", 9),
            {"topA": "1"},
        ),
        (
            'model: "m", tools: { lookUp }, instructions: "Q"',
            "instructions",
            ("m", None),
            {"tools": '"{ lookUp }"'},
        ),
        (
            'model: "m", ...settings, instructions: "Q"',
            "instructions",
            ("m", None),
            {"**": '"...settings"'},
        ),
    ],
)
def test_settings_of_agents_are_told_in_typescript(
    keys: str, key: str, expected: object, said: dict[str, str]
) -> None:
    file = in_typescript(f"const ask = new Agent({{ {keys} }});", f"ask.{key}")
    assert (file.model, file.max_tokens) == expected
    assert told(file) == said


@pytest.mark.parametrize(
    ("before", "after", "is_another"),
    [
        ("def pick():\n    return 'm'\n", "def pick():\n    return 'dear'\n", True),
        ("pick = make(1)\n", "pick = make(2)\n", True),
        ("N = 1\npick = make(N)\n", "N = 2\npick = make(N)\n", True),
        ("pick = Picks()\n", "pick = Picks()\npick.model = 'dear'\n", True),
        ("def other():\n    return 1\n", "def other():\n    return 2\n", False),
    ],
)
def test_a_computed_model_in_python_is_another_where_what_computes_it_is(
    before: str, after: str, *, is_another: bool
) -> None:
    call = 'def ask(model="m"):\n    return create(model=pick(), max_tokens=n, prompt="Q")\n'
    one, other = (in_python(text + call, "ask.prompt") for text in (before, after))
    chosen = [(file.model, told(file).get("model")) for file in (one, other)]
    assert (chosen[0] != chosen[1]) is is_another


@pytest.mark.parametrize(
    ("before", "after", "is_another"),
    [
        ('(q, model="m")', '(q, model="dear")', True),
        ('(q, model="m")', '(q, model="m", other=1)', False),
    ],
)
def test_a_parameter_is_another_model_where_its_default_is(
    before: str, after: str, *, is_another: bool
) -> None:
    text = 'def ask%s:\n    return create(model=model, prompt="Q")\n'
    one, other = (told(in_python(text % given, "ask.prompt")) for given in (before, after))
    assert (one["model"] != other["model"]) is is_another


def test_the_body_of_a_tool_is_no_setting() -> None:
    text = (
        'def look_up(q):\n    """Look."""\n    return %s\n'
        'ask = Agent(model="m", tools=[look_up], instructions="Q")'
    )
    one, other, third = (
        told(in_python(item, "ask.instructions"))["tools"]
        for item in (text % 1, text % 2, text.replace("Look.", "Look well.") % 1)
    )
    assert one == other != third


@pytest.mark.parametrize(
    ("before", "after", "is_another"),
    [
        ("function pick(q) { return 'm'; }", "function pick(q) { return 'dear'; }", True),
        ("const pick = make(1);", "const pick = make(2);", True),
        ("const n = 1; const pick = make(n);", "const n = 2; const pick = make(n);", True),
        ("const pick = make(1);", "const pick = make(1); pick.model = 'dear';", True),
        ("function other() { return 1; }", "function other() { return 2; }", False),
    ],
)
def test_a_computed_model_in_typescript_is_another_where_what_computes_it_is(
    before: str, after: str, *, is_another: bool
) -> None:
    call = '\nconst ask = create({ model: pick(q), prompt: "Q" });'
    one, other = (told(in_typescript(text + call, "ask.prompt")) for text in (before, after))
    assert (one["model"] != other["model"]) is is_another


def test_what_a_tool_of_typescript_does_is_no_setting() -> None:
    text = (
        'const lookUp = tool({ description: "Look.", execute: async () => %s });\n'
        'const ask = new Agent({ model: "m", tools: { lookUp }, instructions: "Q" });'
    )
    one, other, third = (
        told(in_typescript(item, "ask.instructions"))["tools"]
        for item in (text % 1, text % 2, text.replace("Look.", "Look well.") % 1)
    )
    assert one == other != third
