"""What a rendering process loads: every review waits for that."""

import sys
from pathlib import Path

import pytest

from reviewbot.rendering.jobs import Job, Rendered, load_nothing
from reviewbot.rendering.process import RenderingProcess
from tests.support.rendering_processes import processes_of_their_own


def test_what_no_template_needs_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`pickle` would run what it reads; `tempfile` brings `shutil` and all that compresses."""
    python, loaded = tmp_path / "python", tmp_path / "loaded"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -X importtime "$@" 2> {loaded}\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    text = "{{ [2, 1]|sort|join(',') }}"
    job = Job(
        engine="jinja", path="p.j2", text=text, first_line=1, variables=("{}",), load=load_nothing
    )
    with processes_of_their_own(), RenderingProcess() as process:
        ((result,),) = process.render([job])
    assert isinstance(result, Rendered)
    assert result.text == "1,2"
    names = {line.rpartition("|")[2].strip() for line in loaded.read_text().splitlines()}
    assert {"jinja2.environment", "jinja2.sandbox"} <= names
    assert names & {"pickle", "tempfile", "shutil"} == set()
