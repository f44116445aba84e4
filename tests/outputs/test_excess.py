"""A rate that is over its limit by little is shown with the digits that tell them apart."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, change, configuration, tokens, workflow


@pytest.mark.parametrize(("added", "shown"), [(2001, "5.002%"), (2016, "5.04%"), (2200, "5.5%")])
def test_a_rate_and_its_limit_differ_as_they_are_shown(
    repository: Repository, added: int, shown: str
) -> None:
    settings = configuration(
        {"w": workflow(traffic="[{calls: 1000/month, output_tokens: 0}]")},
        defaults="{envelope: {increase: {soft: 5%}}}",
    )
    before = {CONFIGURATION: settings, PROMPT: tokens(40_000 - 7)}
    after = {PROMPT: tokens(40_000 - 7 + added)}
    said = " ".join(change(repository, before, after, form="terminal").out.split())
    assert f"increase: {shown}, soft limit 5%" in said
    assert f"costs {shown} more" in said
    assert "<0.1" not in said


def test_a_change_of_less_than_a_cent_is_none_of_nothing(repository: Repository) -> None:
    settings = configuration({"w": workflow(traffic="[{calls: 1000/month, output_tokens: 300}]")})
    before = {CONFIGURATION: settings, PROMPT: tokens(100)}
    said = change(repository, before, {PROMPT: tokens(101)}, form="markdown").out
    assert "**$0.00**" not in said.replace("\\", "")
