"""What people and programs read: golden files for each state, and the laws of wording."""

import html
import itertools
import json
import os
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from msgspec.structs import replace

from reviewbot.outputs import approvals, wording
from reviewbot.outputs.json_report import report_schema
from reviewbot.outputs.json_report_reading import read_report
from reviewbot.outputs.markdown import inert, render_markdown
from reviewbot.outputs.markdown.inert import LONGEST_TEXT, within_line
from reviewbot.outputs.terminal import Detail, Style, render_terminal
from reviewbot.report import ApprovalKind, GivenApproval
from tests.support.github_links import MADE_BY_GITHUB
from tests.support.places import GOLDEN, ROOT
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    configuration,
    review,
    tokens,
    workflow,
)

Files = dict[str, str | bytes | None]
LIMITS = "{input_tokens: {soft: 20, hard: 25}, monthly_cost: {soft: $1.05}, increase: {hard: 4%}}"
HOSTILE_NAME = "prompts/](http:||x) <img src=x> @acme/all `tick` \x1b[31m\u202e| a\nb.md"


def one(envelope: str = "", **more: str) -> Files:
    return {
        CONFIGURATION: configuration({"w": workflow(envelope=envelope)}, **more),
        PROMPT: tokens(10),
    }


def several() -> tuple[Files, Files]:
    before = configuration(
        {
            "same": workflow("prompts/same.txt"),
            "over": workflow(envelope=LIMITS, feature="support"),
            "gone": workflow("prompts/gone.txt"),
            "broken": workflow("prompts/broken.j2", samples="[{name: s, variables: {a: x}}]"),
        },
        defaults="{envelope: {increase: {soft: 50%}}}",
    )
    after = configuration(
        {
            "same": workflow("prompts/same.txt"),
            "over": workflow(
                envelope=LIMITS.replace("25", "250"),
                feature="support",
                model="openai/gpt-4.1",
                max_tokens="90",
                traffic="[{tenant: acme, environment: prod, calls: 500/month, output_tokens: 100}]",
            ),
            "added": workflow("prompts/added.txt", max_tokens="100"),
            "broken": workflow("prompts/broken.j2", samples="[{name: s, variables: {a: x}}]"),
        },
        defaults="{envelope: {increase: {soft: 50%}}}",
    )
    return (
        {
            CONFIGURATION: before,
            PROMPT: tokens(10),
            "prompts/same.txt": "x",
            "prompts/gone.txt": "x",
            "prompts/broken.j2": "{{ a }}",
            "prompts/old.md": "x",
        },
        {
            CONFIGURATION: after,
            PROMPT: tokens(30),
            "prompts/gone.txt": None,
            "prompts/broken.j2": "Hello\n{{ b }}",
            "prompts/added.txt": tokens(5),
            HOSTILE_NAME: "x",
        },
    )


APPROVABLE = "{monthly_cost: {hard: $1.09}, approvable: true}"
SAMPLED = "[{name: s, variables: {a: x}}]"
STRANGE_NAME = "x www.example.org http://example.org - 1. y"


def approve() -> tuple[Files, Files]:
    cheaper = workflow(envelope=APPROVABLE, traffic="[{calls: 500/month, output_tokens: 100}]")
    return one(APPROVABLE), {CONFIGURATION: configuration({"w": cheaper}), PROMPT: tokens(30)}


def asked() -> tuple[Files, Files]:
    people = "{approvers: [octocat, '@acme/finops'], label: costs-ok}"
    mine = configuration({"w": workflow(envelope=APPROVABLE)}, approval="{approvers: [mallory]}")
    return one(APPROVABLE, approval=people), {CONFIGURATION: mine, PROMPT: tokens(30)}


def new() -> tuple[Files, Files]:
    both = {"w": workflow(), "n": workflow("prompts/new.txt", max_tokens="100")}
    return one(), {CONFIGURATION: configuration(both), "prompts/new.txt": tokens(5)}


def removed() -> tuple[Files, Files]:
    three = {"w": workflow(), "gone": workflow("prompts/gone.txt"), "left": workflow()}
    before: Files = {**one(), CONFIGURATION: configuration(three), "prompts/gone.txt": "x"}
    return before, {**one(), "prompts/gone.txt": None}


def unmeasured() -> tuple[Files, Files]:
    settings = configuration({"w": workflow("prompts/a.j2", samples=SAMPLED)})
    return (
        {CONFIGURATION: settings, "prompts/a.j2": "{{ a }}"},
        {"prompts/a.j2": "Hello\n\n{{ b }}"},
    )


def strange() -> tuple[Files, Files]:
    name = "prompts/[x](y).j2"
    prompt = f"{{path: '{name}', format: jinja}}"
    settings = configuration({f'"{STRANGE_NAME}"': workflow(prompt, samples=SAMPLED)})
    bad = "{{ a['<script>alert(1)</script> @acme/all [l](http://x) `c` | --> ![i](x)'] }}"
    after: Files = {name: bad, HOSTILE_NAME: "x", "prompts/caf\udce9.md": "x"}
    return {CONFIGURATION: settings, name: "{{ a }}"}, after


STATES: dict[str, tuple[Files, Files]] = {
    "pass": (one(), {PROMPT: tokens(30)}),
    "soft": (one("{increase: {soft: 1%}}"), {PROMPT: tokens(30)}),
    "saving": (one(), {PROMPT: tokens(3)}),
    "none": (one(), {"program.py": "x"}),
    "high-cost": (one(high_cost="$1"), {PROMPT: tokens(30)}),
    "advisory": ({PROMPT: tokens(10)}, {**one(LIMITS), PROMPT: tokens(30)}),
    "several": several(),
    "approve": approve(),
    "asked": asked(),
    "new": new(),
    "removed": removed(),
    "unmeasured": unmeasured(),
    "strange": strange(),
}


@pytest.fixture(params=STATES, scope="module")
def state(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Repository]:
    """A repository in one state; tests only read it."""
    before, after = STATES[request.param]
    repository = Repository.create(tmp_path_factory.mktemp("state") / "repository")
    repository.commit(before)
    repository.branch("work")
    repository.commit(after)
    return request.param, repository


@pytest.mark.parametrize(
    ("form", "columns", "ending"),
    [
        ("terminal", 80, "80.txt"),
        ("terminal", 120, "120.txt"),
        ("verbose", 80, "verbose.80.txt"),
        ("verbose", 120, "verbose.120.txt"),
        ("markdown", 80, "md"),
    ],
)
def test_golden_files(
    state: tuple[str, Repository],
    form: str,
    columns: int,
    ending: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, repository = state
    monkeypatch.setenv("COLUMNS", str(columns))
    said = ["--verbose"] if form == "verbose" else []
    found = review(repository, *said, form="terminal" if said else form).out
    golden = GOLDEN / f"{name}.{ending}"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(found)
        pytest.fail(f"{golden.name} is written; read its diff, then run without UPDATE_GOLDEN")
    assert found == golden.read_text()
    if form != "markdown":
        assert max(map(len, found.splitlines())) <= columns
        assert not re.search(r"[^\n\x20-\x7e\u00a0-\uffff]|[\u200e\u200f\u202a-\u202e]", found)


def test_json_follows_its_schema(state: tuple[str, Repository]) -> None:
    _, repository = state
    validator = Draft202012Validator(report_schema())
    outcome = review(repository)
    assert list(validator.iter_errors(outcome.report)) == []
    assert outcome.report["schema_version"] == 1
    assert not re.search(r'"-?[0-9.]+[eE][-+]?[0-9]+"', outcome.out), "decimals without exponent"
    broken = json.loads(outcome.out) | {"verdict": "fine"}
    assert list(validator.iter_errors(broken))


@pytest.mark.parametrize(
    ("names", "ending"),
    [("ab", "1 more cannot be measured."), ("abc", "2 more cannot be measured.")],
)
def test_further_workflows_that_are_not_measured_are_counted(
    repository: Repository, names: str, ending: str
) -> None:
    settings = {name: workflow("prompts/a.j2", samples=SAMPLED) for name in names}
    repository.commit({CONFIGURATION: configuration(settings), "prompts/a.j2": "{{ a }}"})
    repository.branch("work")
    repository.commit({"prompts/a.j2": "{{ b }}"})
    last = " ".join(review(repository, "--quiet", form="terminal").out.split())
    assert last.endswith(ending)


def test_tiny_decimals_have_no_exponent(repository: Repository) -> None:
    seldom = workflow(traffic="[{calls: 1/year, output_tokens: 0}]")
    repository.commit({CONFIGURATION: configuration({"w": seldom}), PROMPT: tokens(10)})
    repository.branch("work")
    repository.commit({PROMPT: tokens(11)})
    outcome = review(repository)
    # 17 x 2.5/1M a call, and a call in twelve months
    assert outcome.workflow()["before"]["usd_per_call"] == "0.0000425"
    month = outcome.workflow()["before"]["usd_per_month"]
    assert re.fullmatch(r"0\.00000354[0-9]*", month)
    assert list(Draft202012Validator(report_schema()).iter_errors(outcome.report)) == []
    shown = review(repository, "--verbose", form="terminal").out
    assert " $0.0000035 → $0.0000037 a month (+<$0.000001" in shown


def test_no_state_opens_markup_of_the_repositorys(state: tuple[str, Repository]) -> None:
    _, repository = state
    found = review(repository, form="markdown").out
    tree = MarkdownIt("commonmark").enable("table").parse(found)
    children = [child for token in tree for child in token.children or ()]
    assert {child.type for child in children} <= OURS
    tags = {child.content for child in children if child.type == "html_inline"}
    assert tags <= OUR_TAGS
    headings = [
        after.content
        for token, after in itertools.pairwise(tree)
        if token.type == "heading_open" and token.tag == "h2"
    ]
    assert len(headings) == 1
    assert headings[0][0] in "✅⚠✋❓❌ℹ"
    assert not re.search(r"://|www\.", found), "GitHub would link it"


EMPHASIS = {"strong_open", "strong_close", "em_open", "em_close"}
OURS = EMPHASIS | {"text", "text_special", "softbreak", "html_inline"}
OUR_TAGS = {"<code>", "</code>", "<br>"}
TITLES = "Notes and assumptions|Who pays|Not covered by any workflow|Commits and prices"


def hostile(repository: Repository) -> Outcome:
    name = "prompts/[x](y).j2"
    prompt = f"{{path: '{name}', format: jinja}}"
    samples = "[{name: s, variables: {a: x}}]"
    files = configuration({"w": workflow(prompt, samples=samples)})
    repository.commit({CONFIGURATION: files, name: "{{ a }}"})
    repository.branch("work")
    bad = "<script>alert(1)</script> @acme/all GH-7 :boom: [l](http://x) `c` | --> ![i](x)"
    bad = f"{{{{ a['{bad}'] }}}}"
    repository.commit({name: bad, HOSTILE_NAME: "x", "prompts/caf\udce9.md": "x"})
    return review(repository, form="markdown")


def test_hostile_strings_stay_inert_in_markdown(repository: Repository) -> None:
    found = hostile(repository).out
    parser = MarkdownIt("commonmark").enable("table")
    tree = parser.parse(found)
    kinds = {token.type for token in tree} | {
        child.type for token in tree for child in token.children or ()
    }
    assert not kinds & {"link_open", "image", "code_inline"}
    children = [child for token in tree for child in token.children or ()]
    assert {item.content for item in children if item.type == "html_inline"} <= OUR_TAGS
    blocks = [token.content for token in tree if token.type == "html_block"]
    assert all(re.fullmatch(rf"\s*(</?(details|summary)>|{TITLES}|\s)+\s*", it) for it in blocks)
    rows = [row for row in found.splitlines() if row.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6}
    assert "@" not in found
    assert not MADE_BY_GITHUB.search(html.unescape(found).replace("\\", ""))
    assert "boom" in found
    assert "alert\\(1\\)" in found, "readable all the same"
    assert "caf\\\\xe9" in found


PIECES = [
    " ",
    *[
        "@",
        "#",
        "a",
        "7",
        "GH-",
        "gh-7",
        ":",
        ":+1:",
        "_",
        ":e_é:",
        "100",
        "1234",
        "://",
        "www.",
        "`",
    ],
]


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_inert_in_markdown(text: str) -> None:
    shown = inert(text)
    assert "\n" not in shown
    parser = MarkdownIt("commonmark").enable("table")
    tokens_ = parser.parse(f"x {shown} y")
    assert [token.type for token in tokens_] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens_[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    read = "".join(child.content for child in children)
    assert not MADE_BY_GITHUB.search(read)
    for piece in (inert(f"x{text}")[1:], within_line(text[:LONGEST_TEXT])):
        shown = "".join(
            child.content for child in parser.parseInline(f"x{piece}: y")[0].children or ()
        )
        assert not MADE_BY_GITHUB.search(shown)
    read = read.replace("\u200b", "")
    assert read == f"x {wording.plain(text)} y".replace("\u200b", "")


@given(st.text())
def test_any_text_is_shown_on_one_line_without_control(text: str) -> None:
    shown = wording.plain(text)
    assert shown.isprintable() or shown == ""


@pytest.mark.parametrize(
    ("show", "value", "text"),
    [
        (wording.usd, "0", "$0.00"),
        (wording.usd, "0.004", "$0.0040"),
        (wording.usd, "-0.004", "-$0.0040"),
        (wording.usd, "0.005", "$0.0050"),
        (wording.usd, "0.00000123", "$0.0000012"),
        (wording.usd, "0.0000005", "<$0.000001"),
        (wording.usd, "0.015", "$0.02"),
        (wording.usd, "0.025", "$0.02"),
        (wording.usd, "0.035", "$0.04"),
        (wording.usd, "-0.025", "-$0.02"),
        (wording.usd, "1234567.895", "$1,234,567.90"),
        (wording.usd, "-12.3", "-$12.30"),
        (wording.usd_change, "12.3", "+$12.30"),
        (wording.usd_change, "0.00123", "+$0.0012"),
        (wording.usd_change, "-0.0000005", "-<$0.000001"),
        (wording.usd_change, "-12.3", "-$12.30"),
        (wording.usd_change, "0", "$0.00"),
        (wording.usd_per_call, "0", "$0.00"),
        (wording.usd_per_call, "0.0000123456", "$0.00001235"),
        (wording.usd_per_call, "0.0043992", "$0.004399"),
        (wording.usd_per_call, "12.34567", "$12.35"),
        (wording.percent, "0.125", "12.5%"),
        (wording.percent, "0.2", "20%"),
        (wording.percent, "0.00001", "<0.1%"),
        (wording.percent, "0.0005", "<0.1%"),
        (wording.percent, "0.0015", "0.2%"),
        (wording.percent, "0.0025", "0.2%"),
        (wording.percent, "-0.0025", "-0.2%"),
        (wording.tokens, "0.25", "0.2"),
        (wording.tokens, "0.35", "0.4"),
        (wording.percent, "-0.00001", ">-0.1%"),
        (wording.percent_change, "0.5", "+50%"),
        (wording.percent_change, "-0.5", "-50%"),
        (wording.tokens, "1234.56", "1,234.6"),
        (wording.tokens, "1000", "1,000"),
        (wording.calls, "27393.75", "27,394"),
    ],
)
def test_figures_in_words(show: Callable[[Decimal], str], value: str, text: str) -> None:
    assert show(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_a_change_is_never_shown_as_nothing_or_with_the_wrong_sign(amount: Decimal) -> None:
    shown = wording.usd_change(amount)
    assert (shown == "$0.00") == (amount == 0)
    assert shown.startswith("-") == (amount < 0)
    assert shown.startswith("+") == (amount > 0)


@given(st.decimals(min_value=Decimal("1e-15"), max_value=10**9))
def test_a_call_that_costs_something_is_not_shown_as_free(amount: Decimal) -> None:
    shown = wording.usd_per_call(amount)
    assert re.fullmatch(r"\$[0-9,]+\.[0-9]{2,}", shown)
    read = Decimal(shown[1:].replace(",", ""))
    assert read > 0
    assert abs(read - amount) <= amount * Decimal("0.0005")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**6), max_value=10**6))
def test_a_percentage_keeps_its_sign(fraction: Decimal) -> None:
    shown = wording.percent(fraction)
    assert (shown == "0%") == (fraction == 0)
    assert ("-" in shown) == (fraction < 0)


def test_long_lists_of_approvals_fold(repository: Repository) -> None:
    paths = [f"prompts/p{index:02}.txt" for index in range(22)]
    flows = {path[8:11]: workflow(path, envelope=APPROVABLE) for path in paths}
    people = ", ".join(f"user{index}" for index in range(13))
    settings = configuration(flows, approval=f"{{approvers: [{people}]}}")
    repository.commit({CONFIGURATION: settings} | dict.fromkeys(paths, tokens(10)))
    repository.branch("work")
    repository.commit(dict.fromkeys(paths, tokens(30)))
    report = read_report(review(repository).out.encode(), file="report.json")
    items = approvals.items(report)
    assert [item.evidence for item in items] == [item.evidence[:12] for item in report.workflows]
    last = report.workflows[-1]
    made = tuple(
        GivenApproval(
            by=f"user{index}",
            kind=ApprovalKind.REVIEW,
            at="2026-11-01T00:00:00+00:00",
            commit="1" * 40,
            refusal=None if index == 12 else "no",
            covers=(last.evidence,) if index == 12 else (),
        )
        for index in range(13)
    )
    report = replace(report, approvals=made)
    assert approvals.items(report)[-1].by == ("user12",)
    found = render_markdown(report)
    assert (
        "one of user0, user1, user2, user3, user4, user5, user6, user7, user8, user9 and 3 more"
        in found
    )
    assert "| and 12 more |" in found
    assert found.count("| nobody yet |") == 10
    assert "- ✅ review by user12, 2026-11-01 00:00 UTC on 111111111\n" in found
    assert "- and 3 more\n" in found
    page = render_terminal(report, Style(columns=120, colour=False, detail=Detail.VERBOSE))
    assert all(item.evidence in page for item in items)
    assert "approved by user12" in page


def test_the_template_computes_nothing() -> None:
    text = (ROOT / "templates" / "review.md.j2").read_text()
    tags = re.findall(r"\{[{%](.*?)[}%]\}", text)
    assert not [
        tag for tag in tags if re.search(r"[*/|]|\+(?!\s*$)|(?<=\w)\s-\s", tag.strip("-+ "))
    ]
