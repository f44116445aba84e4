"""Names that attack Markdown, logs and outputs stay inert."""

import json
import re

from tests.support.acting import Run, Site, pull_request
from tests.support.pull_requests import HARD, bodies, push, start
from tests.support.reviewing import CONFIGURATION, configuration, tokens, workflow

HOSTILE = "prompts/x\n::set-output name=verdict::pass\n@acme/all <b>|`[l](http:x).txt"


def assert_inert(run: Run, texts: list[str]) -> None:
    _, _, rest = run.log.rpartition("::stop-commands::")
    token, _, rest = rest.partition("\n")
    _, _, after = rest.partition(f"::{token}::\n")
    commands = re.findall(r"^::(.*?)[ :]", after or run.log, re.MULTILINE)
    assert set(commands) <= {"error", "warning", "notice"}
    for text in texts:
        page = text.partition("-->\n")[2] if text.startswith("<!-- reviewbot ") else text
        page = re.sub(r"(?<=[^\\]\])\(http://127\.0\.0\.1:\d+/acme/prompts/[^\s()]*\)", "", page)
        assert not re.search(r"<b>|<!--|@acme|[^\\]\](\(|\[)|^::", page, re.MULTILINE)
        assert "set-output" in page, "readable all the same"


def test_hostile_names_stay_inert_everywhere(site: Site) -> None:
    name = HOSTILE.replace("\n", " ")
    flows = {"w": workflow(json.dumps(name), envelope=HARD)}
    site.repository.commit({CONFIGURATION: configuration(flows), name: tokens(10)})
    site.repository.branch("work")
    head = push(site, 1, **{name: tokens(30), HOSTILE: "x"})
    run = site.act("pull_request", pull_request(head), check_run="true", line_comments="true")
    assert run.outputs["verdict"] == "fail"
    assert "file=prompts/x %3A%3Aset-output name=verdict%3A%3Apass" in run.log
    check = site.server.check_runs[0]
    assert check.annotations[0]["path"] == name
    assert_inert(run, [bodies(site)[0], run.summary, check.summary or ""])


def test_hostile_names_in_errors(site: Site) -> None:
    start(site)
    broken = json.dumps({"version": 1, "workflows": {HOSTILE: {"prompts": HOSTILE}}})
    run = site.act("pull_request", pull_request(push(site, 30, **{CONFIGURATION: broken})))
    assert run.code == 2
    assert_inert(run, [bodies(site)[0], run.summary])
