"""Bytecode of template engines: the first process keeps it for the next, unless it may not."""

import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

_RENDERS = """
import sys
sys.path[:0] = sys.argv[1:]
from reviewbot.rendering.jobs import Job, load_nothing
from reviewbot.rendering.process import RenderingProcess

text = "{% for n in (1, 2) %}{{ n }}{% endfor %}"
job = Job(engine="jinja", path="p.j2", text=text, first_line=1, variables=("{}",), load=load_nothing)
with RenderingProcess() as process:
    print(list(process.render([job]))[0][0].text)
"""


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    """A folder with an engine that has no bytecode, as uv installs it."""
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(str(files("jinja2")), tmp_path / "jinja2", ignore=without)
    return tmp_path


def rendered(engine: Path, *options: str) -> str:
    command = [sys.executable, *options, "-c", _RENDERS, str(engine)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_first_process_keeps_it(engine: Path) -> None:
    assert rendered(engine) == "12\n"
    kept = {path.name.partition(".")[0] for path in engine.rglob("*.pyc")}
    assert {"sandbox", "lexer", "compiler"} <= kept


def test_nothing_is_written_where_python_is_told_so(engine: Path) -> None:
    assert rendered(engine, "-B") == "12\n"
    assert not list(engine.rglob("*.pyc"))


def test_a_folder_that_is_closed_is_no_error(engine: Path) -> None:
    (engine / "jinja2" / "__pycache__").write_text("no folder")
    assert rendered(engine) == "12\n"
