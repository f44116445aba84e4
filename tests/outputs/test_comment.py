"""What a reader of the comment sees first, and where its links lead."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from reviewbot.github.site import site_of
from reviewbot.outputs.json_report_reading import read_report
from reviewbot.outputs.markdown import Site, render_markdown
from reviewbot.outputs.markdown.links import Links
from reviewbot.report import Report
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, change, configuration, tokens, workflow

HARD = "{monthly_cost: {hard: $1.05}}"
SITE = Site(
    repository_url="https://github.com/acme/app",
    run_url="https://github.com/acme/app/actions/runs/7",
    documentation_url="https://github.com/acme/reviewbot/tree/v1/docs",
)
HEAD = "a" * 40


def reviewed(repository: Repository, before: dict[str, str], after: dict[str, str]) -> Report:
    outcome = change(repository, before, after)
    return read_report(outcome.out.encode(), file="report.json")


def links_of(markdown: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


def plain(markdown: str) -> str:
    return markdown.replace("\\", "").replace("&nbsp;", " ").replace("&#8203;", "")


def test_it_begins_with_limit_actual_and_excess_and_the_commit(repository: Repository) -> None:
    settings = configuration({"w": workflow(envelope=HARD)})
    report = reviewed(
        repository, {CONFIGURATION: settings, PROMPT: tokens(10)}, {PROMPT: tokens(90)}
    )
    lines = plain(render_markdown(report, site=SITE)).splitlines()
    assert lines[0] == "## ❌ w costs $1.24 a month, $0.19 over its hard limit of $1.05"
    assert report.revisions.head
    assert lines[2].startswith("**reviewbot: fail** · $1.04 → $1.24 a month (+$0.20) · commit ")
    assert f"[{report.revisions.head[:9]}](https://github.com/acme/app/commit/" in lines[2]
    assert "[run](https://github.com/acme/app/actions/runs/7)" in lines[2]
    assert "(https://github.com/acme/reviewbot/tree/v1/docs/reports.md)" in lines[2]


def test_changed_lines_link_to_the_head_commit(repository: Repository) -> None:
    settings = configuration({"w": workflow(envelope=HARD)})
    report = reviewed(
        repository, {CONFIGURATION: settings, PROMPT: tokens(10)}, {PROMPT: tokens(90)}
    )
    found = render_markdown(report, site=SITE)
    address = f"https://github.com/acme/app/blob/{report.revisions.head}/prompts/system.txt#L1"
    assert f"- [prompts/system.txt:1]({address}): **+\\$0.20** a month" in found
    assert address in set(links_of(found))
    assert all(item.startswith("https://github.com/acme/") for item in links_of(found))
    assert list(links_of(render_markdown(report))) == []


def test_why_approval_is_needed_stands_in_the_first_lines(repository: Repository) -> None:
    people = {"approval": "{approvers: [octocat]}"}
    before = configuration({"w": workflow(envelope="{monthly_cost: {hard: $260}}")}, **people)
    after = before.replace("$260", "$900")
    report = reviewed(
        repository, {CONFIGURATION: before, PROMPT: tokens(10)}, {CONFIGURATION: after}
    )
    lines = plain(render_markdown(report)).splitlines()
    said = "is raised from $260 to $900"
    assert lines[0] == (f"## ✋ Needs approval: w: <code>envelope.monthly_cost.hard</code> {said}")
    assert "Why it needs approval" in lines[4]
    assert lines[6].startswith("- .github/reviewbot.yml:")
    assert lines[6].endswith(said)
    assert lines[8] == "To approve: octocat, by an approving review; the check passes then."


def shared(repository: Repository, count: int) -> Report:
    names = [f"w{index:02}" for index in range(count)]
    include = "{% include 'partials/tone.j2' %} "
    files = {f"prompts/{name}.j2": f"{include}{tokens(20)}" for name in names}
    files["prompts/partials/tone.j2"] = "Be kind.\n"
    flows = {name: workflow(f"prompts/{name}.j2") for name in names}
    files[CONFIGURATION] = configuration(flows)
    after = {"prompts/partials/tone.j2": "Be kind.\n" + tokens(100)}
    return reviewed(repository, files, after)


def test_a_shared_partial_is_one_cause_with_one_sum(repository: Repository) -> None:
    found = plain(render_markdown(shared(repository, 25)))
    causes = [line for line in found.splitlines() if "tone.j2:2: **" in line]
    # 101 tokens x 1,000 calls x $2.50 a million, in each of 25 workflows
    assert causes == [
        "- prompts/partials/tone.j2:2: **+$6.25** a month, +100 tokens a call, in 25 workflows"
    ]
    folded = found.partition("<details>\n<summary>✅ 25 workflows within all limits")
    assert folded[1]
    assert "w07" not in folded[0]


def test_causes_add_up_to_the_change_in_every_row(repository: Repository) -> None:
    before = configuration({"w": workflow()})
    after = configuration(
        {"w": workflow(model="openai/gpt-4.1", traffic="[{calls: 3000/month, output_tokens: 90}]")}
    )
    report = reviewed(
        repository,
        {CONFIGURATION: before, PROMPT: tokens(10)},
        {CONFIGURATION: after, PROMPT: tokens(300)},
    )
    found = plain(render_markdown(report))
    title, _, row = re.findall(r"^\| workflow \| prompt.*\n.*\n.*$", found, re.MULTILINE)[0].split(
        "\n"
    )
    cells = dict(zip(title.split(" | "), row.split(" | "), strict=True))
    amounts = [
        round(float(text.replace("$", "").replace("+", "")) * 100)
        for name, text in cells.items()
        if name in {"prompt text", "model price", "traffic", "tokenizer", "parameters"}
    ]
    (whole,) = re.findall(r"\*\*\+\$([\d.]+)\*\*", row)
    assert sum(amounts) == round(float(whole) * 100)
    assert "↳ *with its own settings*" in found


def test_tokens_over_samples_show_their_spread(repository: Repository) -> None:
    samples = f"[{{name: a, variables: {{x: a}}}}, {{name: b, variables: {{x: '{tokens(50)}'}}}}]"
    settings = configuration({"w": workflow("prompts/a.j2", samples=samples)})
    report = reviewed(
        repository,
        {CONFIGURATION: settings, "prompts/a.j2": "{{ x }}"},
        {"prompts/a.j2": f"{{{{ x }}}} {tokens(10)}"},
    )
    assert "over 2 samples" in render_markdown(report)


@pytest.mark.parametrize("count", [68, 220])
def test_many_workflows_fold_and_stay_below_the_limit(repository: Repository, count: int) -> None:
    found = render_markdown(shared(repository, count), limit=64_036, site=SITE)
    assert len(found) < 65_536
    assert found.index("<details>") < 2_500, "what passes is folded"


HOSTILE = "[x](http://evil.example) <img src=x> `|` @acme/all\n\u202e"


@given(st.text() | st.sampled_from([HOSTILE, "../../evil/app/x", "a//b", "./x", "..\\..\\x"]))
def test_no_file_name_leads_out_of_the_repository(name: str) -> None:
    links = Links(site=SITE, head=HEAD)
    try:
        shown = links.lines(name, 3, 5)
    except UnicodeEncodeError:
        return  # no path holds such a character: git's are bytes
    for address in links_of(f"- {shown}"):
        assert address.startswith(f"https://github.com/acme/app/blob/{HEAD}/")
        parts = urlsplit(address)
        assert parts.fragment == "L3-L5"
        assert parts.query == ""
        assert not {".", "..", ""} & set(parts.path.split("/")[1:])


def test_a_head_that_is_no_commit_is_no_link(repository: Repository) -> None:
    settings = configuration({"w": workflow(envelope=HARD)})
    report = reviewed(
        repository, {CONFIGURATION: settings, PROMPT: tokens(10)}, {PROMPT: tokens(90)}
    )
    forged = replace(report.revisions, head="x](http://evil.example)", base="../..")
    found = render_markdown(replace(report, revisions=forged), site=SITE)
    assert not [
        item for item in links_of(found) if "evil" in item or ".." in item or "/blob/" in item
    ]


@pytest.mark.parametrize(
    ("environment", "run", "documentation"),
    [
        ({}, None, None),
        ({"GITHUB_RUN_ID": "7) evil"}, None, None),
        ({"REVIEWBOT_DOCUMENTATION": "https://github.com//tree//docs"}, None, None),
        ({"REVIEWBOT_DOCUMENTATION": "https://x.example/a/b/tree/v1/docs) ["}, None, None),
        (
            {
                "GITHUB_RUN_ID": "7",
                "REVIEWBOT_DOCUMENTATION": "https://github.com/acme/reviewbot/tree/v1/docs",
            },
            "https://github.com/acme/app/actions/runs/7",
            "https://github.com/acme/reviewbot/tree/v1/docs",
        ),
    ],
)
def test_the_runner_tells_where_links_lead(
    environment: dict[str, str], run: str | None, documentation: str | None
) -> None:
    found = site_of({"GITHUB_SERVER_URL": "https://github.com"} | environment, "acme/app")
    assert (found.run_url, found.documentation_url) == (run, documentation)
    assert found.repository_url == "https://github.com/acme/app"
    assert site_of({"GITHUB_SERVER_URL": "javascript:x"} | environment, "acme/app") == Site()
