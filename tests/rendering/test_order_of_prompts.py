"""The prompts of a source file come in one order, whatever order a process gives to sets."""

import json
import os
import subprocess
import sys

SOURCE = """
def build(outputs, name=None, description=None):
    for output in outputs:
        if output.is_named:
            name = output.name
            description = output.description
        while name in outputs:
            name = f'{output.original}_2'
        description = output.description
        if not description:
            description = DEFAULT_OUTPUT
            if outputs:
                description = f'{output.name}: {description}'
        use(name, description)
    return outputs
"""
READ = """
import json, sys
from reviewbot.rendering.parsers.python_source import parse
print(json.dumps(parse(sys.argv[1])))
"""


def test_arguments_that_are_set_again_are_told_in_the_same_order_by_each_process() -> None:
    told = {_told(seed) for seed in range(1, 7)}
    assert len(told) == 1
    prompts = json.loads(told.pop())["prompts"]
    assert {"build.name", "build.description"} <= {*prompts}


def _told(seed: int) -> str:
    done = subprocess.run(
        [sys.executable, "-c", READ, SOURCE],
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    return done.stdout
