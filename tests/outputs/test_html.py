"""The page of HTML: one file that fetches nothing, in which every text stays text."""

import itertools
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reviewbot.outputs import wording
from reviewbot.outputs.html import render_html
from reviewbot.outputs.json_report_reading import read_report
from reviewbot.outputs.markdown import render_markdown
from reviewbot.report import Report, Verdict
from tests.outputs.test_reports import STATES
from tests.support.places import ROOT
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, change, configuration, tokens, workflow

VOID = {"meta", "br", "wbr"}
LIGHTEST = 4.5
"""The contrast of text that WCAG 2.2 asks for at level AA."""


class Page(HTMLParser):
    """Reads a page as a browser would, and holds what it is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "elements nest"

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(params=STATES)
def page(request: pytest.FixtureRequest, repository: Repository) -> str:
    before, after = STATES[request.param]
    return change(repository, before, after, form="html").out


def test_a_page_is_whole_and_fetches_nothing(page: str) -> None:
    found = Page(page)
    names = {tag for tag, _ in found.tags}
    assert not names & {"script", "link", "iframe", "img", "object", "embed", "form", "a", "base"}
    attributes = {name for _, given_ in found.tags for name in given_}
    assert not [name for name in attributes if name.startswith("on")]
    assert not attributes & {"src", "href", "srcset", "action", "background"}
    assert "url(" not in page
    assert "@import" not in page
    (policy,) = [it["content"] for _, it in found.tags if "http-equiv" in it]
    assert str(policy).startswith("default-src 'none'")


def test_a_page_has_the_structure_that_readers_need(page: str) -> None:
    found = Page(page)
    tags = [tag for tag, _ in found.tags]
    assert found.tags[0][1]["lang"] == "en"
    assert tags.count("h1") == tags.count("main") == page.count("<title>reviewbot: ") == 1
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert all("scope" in given_ for tag, given_ in found.tags if tag == "th")
    assert all(
        "aria-hidden" in given_ or "aria-label" in given_
        for tag, given_ in found.tags
        if tag == "svg"
    )
    regions = [given_ for _, given_ in found.tags if given_.get("role") == "region"]
    assert all(given_["aria-label"] and given_["tabindex"] == "0" for given_ in regions)


def brightness(colour: str) -> float:
    """The relative luminance of WCAG 2.2."""
    whole = "".join(2 * digit for digit in colour) if len(colour) == 3 else colour
    shares = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["text", "faint", "good", "bad", "mind"])
def test_every_text_has_contrast(scheme: int, name: str) -> None:
    style = (ROOT / "templates/page.html.j2").read_text()
    colours = re.findall(r":root \{(.*?)\}", style)[scheme]
    pair = [re.findall(rf"--{item}: #(\w+);", colours)[0] for item in (name, "back")]
    darker, lighter = sorted(map(brightness, pair))
    assert (lighter + 0.05) / (darker + 0.05) >= LIGHTEST


def reviewed(repository: Repository, name: str = "w") -> Report:
    settings = configuration({name: workflow(envelope="{monthly_cost: {hard: $1.05}}")})
    out = change(
        repository, {CONFIGURATION: settings, PROMPT: tokens(10)}, {PROMPT: tokens(90)}
    ).out
    return read_report(out.encode(), file="report.json")


def test_it_begins_with_the_verdict_and_its_figures(repository: Repository) -> None:
    text = " ".join(Page(render_html(reviewed(repository))).text.split())
    assert "✗ fail w costs $1.24 a month, $0.19 over its hard limit of $1.05" in text
    assert "$1.04 → $1.24 a month (+$0.20)" in text
    assert "monthly cost: $0.19 over $1.05 hard" in text
    assert "prompts/system.txt:1+$0.20+80 tokens a call" in text


def test_bars_are_as_long_as_their_months(repository: Repository) -> None:
    found = Page(render_html(reviewed(repository)))
    bars = {it["class"]: it["width"] for tag, it in found.tags if tag == "rect" and "x" in it}
    assert bars["dearer"] == "100.00"
    assert bars["before"] == "83.90"  # 1.0425 of 1.2425


def test_the_parts_of_a_call_add_up(repository: Repository) -> None:
    report = reviewed(repository)
    found = Page(render_html(report))
    widths = [
        it["width"]
        for tag, it in found.tags
        if tag == "rect" and str(it["class"])[:5] == "shade" and "x" in it
    ]
    assert sum(float(str(width)) for width in widths) == pytest.approx(100, abs=0.05)


def many(report: Report, passing: int, failing: int) -> Report:
    """A report of so many workflows, each like the only one of `report`."""
    (flow,) = report.workflows
    verdicts = [Verdict.FAIL] * failing + [Verdict.PASS] * passing
    flows = (
        replace(flow, name=f"flow-{number:02}", verdict=verdict, findings=(), ways_back=())
        for number, verdict in enumerate(verdicts)
    )
    return replace(report, workflows=tuple(flows))


def test_of_many_workflows_those_within_their_limits_are_folded(report: Report) -> None:
    page = render_html(many(report, passing=50, failing=3))
    assert "<summary>50 within all limits</summary>" in page
    opened = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    assert len(re.findall(r"[✗✓?⚠]</span> flow-\d\d", opened)) == 3
    assert len(re.findall(r"[✗✓?⚠]</span> flow-\d\d", page)) == 53
    assert page.count("<summary>41 more</summary>") == 2, "causes and tokens"


def test_a_workflow_whose_own_settings_break_a_limit_is_not_folded(report: Report) -> None:
    """It passes by the limits that govern; by those that the change brings it does not."""
    (broken,) = report.workflows
    found = many(report, passing=50, failing=0)
    flow = found.workflows[7]
    assert flow.after is not None
    own = replace(flow.after, usd_per_month=flow.after.usd_per_month * 2)
    found = replace(
        found,
        workflows=(
            *found.workflows[:7],
            replace(flow, proposed=own, proposed_findings=broken.findings),
            *found.workflows[8:],
        ),
    )
    for page in (render_html(found), render_markdown(found)):
        opened = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
        assert re.search("49 (workflows )?within all limits", page)
        assert "with its own settings" in opened
    totals = re.findall(r'<tr class="total">.*?</tr>', render_html(found))
    assert len(totals) == 2
    assert "with its own settings" in totals[1]
    assert "<svg" not in "".join(totals), "no bar is as long as a sum"


def test_of_few_workflows_all_are_shown(report: Report) -> None:
    page = render_html(many(report, passing=11, failing=1))
    assert "within all limits" not in page
    assert " more</summary>" not in page


def test_paths_break_behind_their_slashes(report: Report) -> None:
    assert "<code>prompts/<wbr>system.txt:1</code>" in render_html(report)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return reviewed(Repository.create(tmp_path_factory.mktemp("page")))


HOSTILE = "</style><script>alert(1)</script><img src=x onerror=y> {{ 7 * 7 }}"


@given(text=st.text(min_size=1) | st.just(HOSTILE))
def test_any_name_stays_text(report: Report, text: str) -> None:
    (flow,) = report.workflows
    named = replace(
        report,
        workflows=(replace(flow, name=text, files=(text,)),),
        configuration=text,
        advisory=text,
        notes=(text,),
    )
    page = Page(render_html(named))
    assert not {tag for tag, _ in page.tags} & {"script", "img"}
    assert wording.plain(text).replace("`", "") in page.text.replace("`", "")


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert render_html(report) == render_html(report)
