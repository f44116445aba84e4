"""Every mend that the reader prints is accepted when it is typed in place of the slip."""

import re

import pytest

from tests.support.configurations import SMALL, problems, read

PLACES = {
    "month": f"{SMALL}high_cost: §\n",
    "limit": f"{SMALL}    envelope: {{monthly_cost: {{hard: §}}}}\n",
    "tokens": f"{SMALL}    envelope: {{input_tokens: {{hard: §}}}}\n",
    "increase": f"{SMALL}    envelope: {{increase: {{hard: §}}}}\n",
    "calls": SMALL.replace("1/month", "§"),
    "share": SMALL.replace("1}", "1, cache_hit_rate: §}"),
    "price": f"{SMALL}prices: {{overrides: {{openai/x: {{input: §, output: 1}}}}}}\n",
    "date": f"{SMALL}prices:\n  as_of: §\n",
    "stale": f"{SMALL}usage:\n  stale_after: §\n",
    "prompt": SMALL.replace("a.txt", "§"),
    "prompts": SMALL.replace("a.txt", "[§]"),
    "path": SMALL.replace("a.txt", "[{path: §, role: user}]"),
    "samples": f"{SMALL}    samples: §\n",
    "model": f"{SMALL}    model: §\n",
    "default": f"{SMALL}defaults: {{model: §}}\n",
    "tier": f"{SMALL}    model: openai/gpt-5\ntiers: {{a: §}}\n",
    "feature": f"{SMALL}    feature: §\n",
    "owner": f"{SMALL}    owner: §\n",
    "approver": f"{SMALL}approval:\n  approvers: [§]\n",
    "approvers": f"{SMALL}approval:\n  approvers: §\n",
    "tag": f"{SMALL}usage: {{sources: [{{format: litellm, tenant: {{tag: §}}}}]}}\n",
    "pattern": f"{SMALL}usage: {{sources: [{{format: litellm, tenant: {{pattern: §}}}}]}}\n",
    "name": SMALL.replace("  w:", "  §:"),
    "tier's name": f"{SMALL}    model: openai/gpt-5\ntiers: {{§: [openai/gpt-5]}}\n",
    "key": f"{SMALL}    §: openai/gpt-5\n",
}
MARK = "§"
SLIPS = {
    "month": [
        "$5 M",
        "5 k",
        "$5 m",
        "1.2 bn",
        "$500 per month",
        "$500/mo",
        "1e3",
        "“$1,100”",
        "'$1 200'",
        "1000 USD",
        "US$ 50",
        "-$5",
    ],
    "limit": [
        "“$1_100”",
        "$1.000\u00a0000",
        "$12k",
        "2 million",
        "+$5",
        "$5 monthly",
        "$5 a month",
        "$1k/mo",
        "5 thousand",
    ],
    "tokens": ["2k", "1.5k tokens", "1_500 tok", "1 M", "-1", "1.5"],
    "increase": ["20", "20 percent", "+20%", "“20%”", "0.2", "20 pct"],
    "calls": [
        "100 per day",
        "10k/d",
        "1000 calls/day",
        "9 daily",
        "9",
        "1/x",
        "5k a week",
        "1.5M per month",
        "3 an hour",
        "0/day",
    ],
    "share": ["80", "0.8", "120%", "80 percent"],
    "price": [
        "$1/1k",
        "$2 per million tokens",
        "1.25/M",
        "“2”",
        "€2",
        "0.002/1_000",
        "0.002/1000 tokens",
        "2/1_000_000",
        "0.1/1K tok",
    ],
    "date": ["2026/11/01", "1.11.2026", "2026-13-01", "today"],
    "stale": ["45", "6 weeks", "0 days"],
    "prompt": [
        "./a.txt",
        "/a.txt",
        "a\\b.txt",
        "“a.txt”",
        "../a.txt",
        "~/a",
        "/app/a.txt",
        "/github/workspace/a.txt",
        "/builds/g/r/a.txt",
        "bot.py:SYSTEM",
        "app.bot#SYSTEM",
        "bot.py",
        "a.yaml",
        "a.yml",
        "a.yaml#agents.planner",
        "a.json#x",
        "a.json:x",
        "a.toml",
        "a.txt#x",
        "a.j2#x",
        "“a b.txt”",
        "a.docx",
        "prompts",
    ],
    "prompts": ["./a.txt", "“a, b.txt”", "“*.txt”", "a.yaml#x", "“a#b.txt”"],
    "path": ["./a.txt", "a.yaml", "a.json#messages"],
    "samples": [
        "samples/",
        "./samples/*.yaml",
        "/samples/*.yaml",
        "“*.yaml”",
        "./*/a.yaml",
        "./'a'.yaml",
        ".",
        "./- a.yaml",
    ],
    "model": ["openai / gpt-5", "gpt 5", "“gpt-5”", "' gpt-5'", "“ gpt-5 ”"],
    "default": ["openai /gpt-5", "“true”", "“null”", "“*”", "“a'b”"],
    "tier": ["openai/gpt-5*", "'*'", "openai/gpt-5", "'@x'", "'a, b'"],
    "feature": ["“my bot”", "' support'", "“a #b”", "my\\bot"],
    "owner": [
        "“@acme/finops”",
        "'@octocat Smith'",
        "ann@example.com",
        "https://github.com/octocat",
        "Ann Smith",
        "-a",
        "''",
        "' octo'",
    ],
    "approver": [
        "github.com/orgs/acme/teams/finops",
        "'@acme / finops'",
        "“@octocat”",
        "'@octocat Smith'",
        "'@@a'",
        "a_b",
        "''",
        "null",
    ],
    "approvers": ["octocat", "'@acme/finops'", "hubot", "'@a/b, hubot'"],
    "tag": ["''", "null"],
    "pattern": ["'(a)(b)'", "a", "'(?=a)(b)'"],
    "name": ["“my bot”", "' w'", "'-w'", "“true”"],
    "tier's name": ["“premium”", "' premium'"],
    "key": ["modle", "Model", "'model '"],
}
"""By where they stand, as they are typed in YAML."""
ROWS = [(place, slip) for place, slips in SLIPS.items() for slip in slips]


def typed(mend: str) -> str | None:
    """What the mend says to type; None where it only tells what to do."""
    patterns = (
        r"did you mean [`'](.+)[`']\?",
        r"(?:write|name|give) it like (.+)",
        r"write it as a list: `- …` or `(.+)`",
        r".*`(\{path: .+\})`.*",
        r".*`(.+#NAME)`.*",
        r".*(?:such as|root:|pattern:) (\S+?)(?:,? (?:or|not) .*)?",
        r"write `([^`]+)`.*",
        r"write ([^`]+?)",
    )
    found = next((hit for item in patterns if (hit := re.fullmatch(item, mend))), None)
    if found is None:
        return None
    return found[1].replace("format: …", "format: jinja")


@pytest.mark.parametrize(("place", "slip"), ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS])
def test_a_mend_is_accepted_when_it_is_typed(place: str, slip: str) -> None:
    text = PLACES[place]
    for problem in problems(text.replace(MARK, slip)):
        meant = typed(problem.mend)
        assert meant is not None, problem.mend
        whole = "{path: §, role: user}" if meant.startswith("{path:") else MARK
        read(text.replace(whole if whole in text else MARK, meant))


def test_a_name_that_is_a_key_is_told_as_it_was_meant() -> None:
    (problem,) = problems(PLACES["name"].replace(MARK, "“my bot”"))
    assert problem.what == "'“my bot”' is not a name (curly quotes)"
    assert problem.mend == "write my bot"


def test_there_are_enough() -> None:
    assert len(ROWS) >= 60
