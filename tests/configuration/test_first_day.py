"""Words of other tools, and shapes that are nearly right, are told with what is meant."""

import pytest

from tests.support.configurations import SMALL, told


@pytest.mark.parametrize(
    ("written", "meant"),
    [("yes", "true"), ("on", "true"), ('"true"', "true"), ("no", "false"), ("off", "false"),
     ("maybe", "true or false")],
)  # fmt: skip
def test_a_flag_in_other_words(written: str, meant: str) -> None:
    text = f"{SMALL}approval:\n  approvers: [octocat]\n  strict: {written}\n"
    assert told(text) == [
        (8, "approval.strict", "this is neither true nor false", f"write {meant}")
    ]


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("calls: 1/month", "calls_per_month: 1", "calls"),
        ("calls: 1/month", "requests: 1/month", "calls"),
        ("output_tokens: 1", "completion_tokens: 1", "output_tokens"),
        ("output_tokens: 1", "output_tokens: 1, cache: 30%", "cache_hit_rate"),
        ("prompts: a.txt", "prompts: [{file: a.txt}]", "path"),
        ("version: 1\n", "version: 1\napproval: {reviewers: [octocat]}\n", "approvers"),
    ],
)
def test_a_key_of_other_tools_is_told_once(old: str, new: str, meant: str) -> None:
    assert old in SMALL
    ((_, _, what, mend),) = told(SMALL.replace(old, new))
    assert "is unknown" in what
    assert mend == f"did you mean `{meant}`?"


def test_one_mapping_in_place_of_a_list() -> None:
    traffic = "traffic:\n      calls: 1/month\n      output_tokens: 1\n"
    text = SMALL.replace("traffic: [{calls: 1/month, output_tokens: 1}]\n", traffic)
    mend = "write `- calls:` instead of `calls:`, and indent its other lines by 2 blanks more"
    assert told(text) == [(6, "workflows.w.traffic", "this is not a list", mend)]


def test_an_amount_in_place_of_a_list() -> None:
    ((line, _, what, mend),) = told(SMALL.replace("[{calls: 1/month, output_tokens: 1}]", "9/day"))
    assert (line, what) == (5, "this is not a list")
    assert mend == "write it as a list of entries: `[{calls: …, output_tokens: …}]`"
