"""The states that pictures are made of: each is a change of a real repository."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).parents[1]
CONFIGURATION = ".github/reviewbot.yml"
Files = Mapping[str, str | None]


class State(Struct, frozen=True, kw_only=True):
    """Files on main, what the branch changes of them, and further arguments of `check`.

    `patch` is applied on the branch too; `messages` are those of the two commits. The call of the
    workflow `explained` is taken apart as well. One that `is_refused` has no review.
    """

    base: Files
    head: Files
    arguments: tuple[str, ...] = ()
    patch: str | None = None
    messages: tuple[str, str] = ("Prompts", "Change prompts")
    explained: str | None = None
    is_refused: bool = False


def _example() -> dict[str, str]:
    folder = ROOT / "examples/support-bot/repository"
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


SUPPORT = _example()
SETTINGS = SUPPORT[CONFIGURATION]
SYSTEM = "prompts/answer/system.j2"
TONE = "prompts/partials/tone.j2"


def _prose(words: int, seed: int = 1) -> str:
    chosen = random.Random(seed)
    known = (ROOT / "bench/words.txt").read_text().split()
    text = [chosen.choice(known) for _ in range(words)]
    return "\n".join(" ".join(text[at : at + 14]) for at in range(0, words, 14)) + "\n"


def _swap(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def _support(head: Files, *arguments: str, settings: str = SETTINGS) -> State:
    return State(base=SUPPORT | {CONFIGURATION: settings}, head=head, arguments=arguments)


def _many(count: int, heavier: int, *, is_shared: bool = False) -> State:
    """`count` workflows of one change, `heavier` of which are over a limit."""
    names = [f"{_TEAMS[index % len(_TEAMS)]}-{index:02}" for index in range(count)]
    lines = [
        "version: 1",
        "prices: {as_of: 2026-11-01}",
        "defaults:",
        "  model: openai/gpt-4.1-mini",
    ]
    lines += ["  envelope: {increase: {soft: 25%, hard: 40%}}", "workflows:"]
    base: dict[str, str | None] = {"prompts/partials/tone.j2": SUPPORT[TONE]}
    head: dict[str, str | None] = {}
    for index, name in enumerate(names):
        calls = 9_000 + 4_000 * (index * 7 % 11)
        path = f"prompts/{name}.j2"
        lines.append(f"  {name}:")
        lines.append(f"    prompts: {path}")
        lines.append(f"    feature: {_TEAMS[index % 5]}")
        lines.append(f"    traffic: [{{calls: {calls}/month, output_tokens: 120}}]")
        text = _prose(160 + 9 * index, seed=index)
        base[path] = "{% include 'partials/tone.j2' %}\n" + text
        if not is_shared:
            added = 320 if index < heavier else 6 + index
            head[path] = f"{base[path]}{_prose(added, seed=100 + index)}"
    if is_shared:
        head["prompts/partials/tone.j2"] = SUPPORT[TONE] + _prose(60)
    return State(base=base | {CONFIGURATION: "\n".join(lines) + "\n"}, head=head)


_TEAMS = ("billing", "returns", "search", "orders", "voice")


def _breach() -> State:
    """The example of the README, commit by commit."""
    return State(
        base=SUPPORT,
        head={},
        patch=(ROOT / "examples/support-bot/change.diff").read_text(),
        messages=("The support bot", "Show the bot how good answers look"),
        explained="answer",
    )


def _weakened() -> State:
    settings = _swap(
        SETTINGS,
        ("monthly_cost: {soft: $500, hard: $520}", "monthly_cost: {soft: $800, hard: $900}"),
        ("input_tokens: {soft: 900, hard: 1_150}", "input_tokens: {soft: 2_000, hard: 3_000}"),
    )
    return _support({CONFIGURATION: settings, SYSTEM: SUPPORT[SYSTEM] + _prose(40)})


def _traffic() -> State:
    settings = _swap(SETTINGS, ("calls: 120_000/month", "calls: 240_000/month"))
    return _support({CONFIGURATION: settings})


ROOMY = _swap(SETTINGS, ("monthly_cost: {soft: $500, hard: $520}", "monthly_cost: {hard: $700}"))


def _saving() -> State:
    longer = SUPPORT | {CONFIGURATION: ROOMY, SYSTEM: SUPPORT[SYSTEM] + _prose(180)}
    return State(base=longer, head={SYSTEM: SUPPORT[SYSTEM]})


def _unmeasured() -> State:
    return _support({SYSTEM: SUPPORT[SYSTEM] + "\nThe customer's plan is {{ customer.plan }}.\n"})


def _pass() -> State:
    return _support({SYSTEM: SUPPORT[SYSTEM] + "\nBe brief.\n"}, settings=ROOMY)


def _two_configurations() -> State:
    other = "policies/search.yml"
    base = SUPPORT | {other: SETTINGS}
    text = SUPPORT[SYSTEM] + _prose(400)
    return State(base=base, head={SYSTEM: text}, arguments=("--config", other))


def _advisory() -> State:
    base = {name: text for name, text in SUPPORT.items() if name != CONFIGURATION}
    return State(base=base, head={CONFIGURATION: SETTINGS, SYSTEM: SUPPORT[SYSTEM] + _prose(30)})


def _no_configuration() -> State:
    base = {name: text for name, text in SUPPORT.items() if name != CONFIGURATION}
    return State(base=base, head={SYSTEM: SUPPORT[SYSTEM] + _prose(30)})


SERVICE = """\
from openai import OpenAI

from shop.models import api_name
from shop.tools import tool_definitions


def answer(items, kind):
    client = OpenAI()
    return client.responses.create(
        model=api_name(kind), input=items, tools=tool_definitions(), max_output_tokens=400
    )
"""
TOOLS = """\
def tool_definitions():
    return [
        {"type": "function", "name": "find_order", "description": "Finds an order by number."},
        {"type": "function", "name": "refund", "description": "Pays an order back."},
    ]
"""
MODELS = """\
MODELS = {"small": "gpt-4.1-mini", "large": "gpt-4.1"}


def api_name(kind):
    return MODELS[kind]
"""


def _led() -> State:
    """Text and a model of Python that no workflow names, and that functions lead to a call."""
    code = {"shop/service.py": SERVICE, "shop/tools.py": TOOLS, "shop/models.py": MODELS}
    longer = _prose(70).replace("\n", " ").strip()
    return State(
        base=SUPPORT | code,
        head={
            "shop/tools.py": _swap(TOOLS, ("Pays an order back.", f"Pays an order back. {longer}")),
            "shop/models.py": _swap(MODELS, ('"small": "gpt-4.1-mini"', '"small": "gpt-4.1"')),
        },
    )


REVIEW = """\
name: prompt costs
on:
  pull_request:
    branches: [main]
    types: [opened, synchronize, reopened, edited, labeled, unlabeled]
  pull_request_review:
permissions: {}
jobs:
  review:
    runs-on: ubuntu-24.04
    permissions:
      contents: read
      pull-requests: write
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - uses: acme/reviewbot@0000000000000000000000000000000000000000
"""


def _turned_off() -> State:
    """A workflow file that lets the review fail unseen, beside a prompt that grows."""
    file = ".github/workflows/prompt-costs.yml"
    weaker = _swap(
        REVIEW,
        ("      - uses: acme/", "      - continue-on-error: true\n        uses: acme/"),
        ("    types:", "    paths: [prompts/answer/**]\n    types:"),
    )
    return State(
        base=SUPPORT | {file: REVIEW}, head={file: weaker, SYSTEM: SUPPORT[SYSTEM] + _prose(40)}
    )


AGENT = """\
from openai import OpenAI

PERSONA = "You answer the customers of a large shop, briefly, and you never promise a date."


def house_rules():
    rules = ["Refunds take ten days."]
    return " ".join(rules)


def answer(question):
    client = OpenAI()
    return client.chat.completions.create(
        model="gpt-4.1",
        messages=[
            {"role": "system", "content": PERSONA + house_rules()},
            {"role": "user", "content": question},
        ],
    )
"""


def _not_followed() -> State:
    """A prompt in code with a part that its workflow does not have, and that has grown."""
    longer = _prose(90).replace("\n", " ").strip()
    settings = _swap(
        SETTINGS,
        (
            "prompts: prompts/summary/weekly.prompt.yml",
            "model: openai/gpt-4.1\n    prompts: shop/agent.py#PERSONA",
        ),
        (", service_tier: batch", ""),
    )
    return State(
        base=SUPPORT | {CONFIGURATION: settings, "shop/agent.py": AGENT},
        head={"shop/agent.py": _swap(AGENT, ("ten days.", f"ten days. {longer}"))},
    )


def _mistakes() -> State:
    settings = _swap(
        SETTINGS,
        ("approvers:", "aprovers:"),
        ("soft: 5%, hard: 20%", "soft: 25%, hard: 20%"),
        ("calls: 120_000/month", "calls: 120k/month"),
        ("model: openai/gpt-4.1\n", "model: openai/gpt-4.l\n"),
        ("samples/triage/*.yaml", "samples/triaje/*.yaml"),
        ("monthly_cost: {hard: $20}", "monthly_cost: {hard: $1,200}"),
    )
    return State(base=SUPPORT, head={CONFIGURATION: settings}, is_refused=True)


def _twelve() -> State:
    """A repository without a configuration, and with twelve prompts in code and in files."""
    base: dict[str, str] = {}
    for index, name in enumerate((*_TEAMS, "fraud")):
        base[f"prompts/{name}.j2"] = _TASK.format(name=name) + _prose(120 + 40 * index, seed=index)
        text = _prose(60 + 30 * index, seed=50 + index).replace("\n", " ").strip()
        base[f"shop/{name}.py"] = _CODE.format(name=name, upper=name.upper(), text=text)
    changed = ("prompts/search.j2", "prompts/voice.j2")
    head = {path: base[path] + _prose(80, seed=7) for path in changed}
    code = base["shop/orders.py"]
    head["shop/orders.py"] = _swap(code, ("You help ", f"Be brief. {_prose(30).strip()} You help "))
    return State(base=base, head=head)


_TASK = "You are the assistant of the {name} desk. The customer is {{{{ customer }}}}.\n"
_CODE = """\
from openai import OpenAI

{upper}_PROMPT = \"\"\"You help the {name} desk. {text}\"\"\"


def ask(question):
    return OpenAI().chat.completions.create(
        model="gpt-4.1-mini",
        messages=[
            {{"role": "system", "content": {upper}_PROMPT}},
            {{"role": "user", "content": question}},
        ],
    )
"""


STATES: Mapping[str, Callable[[], State]] = {
    "breach": _breach,
    "many": lambda: _many(25, 9),
    "shared": lambda: _many(25, 0, is_shared=True),
    "weakened": _weakened,
    "traffic": _traffic,
    "saving": _saving,
    "unmeasured": _unmeasured,
    "pass": _pass,
    "two-configurations": _two_configurations,
    "advisory": _advisory,
    "no-configuration": _no_configuration,
    "twelve-without-configuration": _twelve,
    "led-to-a-call": _led,
    "turned-off": _turned_off,
    "not-followed": _not_followed,
    "mistakes": _mistakes,
    "68-workflows": lambda: _many(68, 9),
    "220-workflows": lambda: _many(220, 9),
}
