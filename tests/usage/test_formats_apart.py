"""No reader takes the log of another format for its own: each sample log against each reader."""

import itertools
from pathlib import Path

import pytest

from reviewbot.configuration.usage_settings import LogFormat
from tests.support.repetitions import part
from tests.support.usage import SAMPLES, repository, run
from tests.usage.test_readers import FORMATS, HELICONE

OWN = {name: log_format for log_format, names, _ in FORMATS for name in names} | {
    "anthropic_cost.json": "anthropic-cost",
    "anthropic_usage.json": "anthropic-usage",
    "bedrock_invocations.jsonl": "bedrock",
}
PAIRS = [
    (name, log_format.value)
    for name, log_format in itertools.product(OWN, LogFormat)
    if OWN[name] != log_format
]


@pytest.mark.parametrize(("name", "log_format"), part(PAIRS))
def test_a_log_of_another_format_is_refused_by_its_name(
    tmp_path: Path, name: str, log_format: str
) -> None:
    where = repository(tmp_path, usage=HELICONE if log_format == "columns" else "")
    outcome = run(where, "usage", str(SAMPLES / name), "--format", log_format)
    assert outcome.code == 3
    assert name in outcome.errors
    assert outcome.out == ""


def test_every_sample_log_is_held_against_every_reader() -> None:
    logs = {path.name for path in SAMPLES.iterdir()} - {"truth.json", "example.csv"}
    assert logs == set(OWN)
    assert len(PAIRS) == len(OWN) * (len(LogFormat) - 1)
