"""`reviewbot completion`: scripts that shells take, with every command and option."""

import io
import shutil
import subprocess
from contextlib import redirect_stdout

import pytest

from reviewbot import commands
from reviewbot.cli import main


def completion(shell: str) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(["completion", shell]) == 0
    return out.getvalue()


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_every_command_is_completed(shell: str) -> None:
    script = completion(shell)
    assert all(name in script for name in commands.names())
    assert "--worktree" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script.encode(), check=True)


def test_bash_completes_an_option_of_a_command() -> None:
    asked = (
        f"{completion('bash')}\n"
        "COMP_WORDS=(reviewbot check --workt); COMP_CWORD=2; COMP_LINE='reviewbot check --workt'\n"
        'COMP_POINT=${#COMP_LINE}; _shtab_reviewbot; echo "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["--worktree"]
