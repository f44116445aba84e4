"""Any template is rendered or refused."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.errors import Problem
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits
from tests.support.jobs import job, only
from tests.support.loading import endless
from tests.support.repetitions import examples


@given(st.text(max_size=200), st.dictionaries(st.sampled_from("abc"), st.text(max_size=5)))
@settings(max_examples=examples(150), deadline=None)
def test_any_text_is_rendered_or_refused(text: str, variables: dict[str, str]) -> None:
    result = only(FUZZED, job("{{ a }}" + text, variables))
    assert isinstance(result, str | Problem)


@given(
    st.lists(
        st.sampled_from(
            [
                "{{",
                "}}",
                "{%",
                "%}",
                "{#",
                "#}",
                "a",
                " ",
                ".",
                "|",
                "for",
                "in",
                "if",
                "else",
                "endfor",
                "endif",
                "set",
                "=",
                "macro",
                "endmacro",
                "(",
                ")",
                "[",
                "]",
                "'",
                '"',
                "1",
                "+",
                "*",
                "-",
                "include",
                "block",
                "endblock",
                "raw",
                "endraw",
                "loop",
                "~",
                "range",
                "\n",
            ]
        ),
        max_size=25,
    ).map(" ".join)
)
@settings(max_examples=examples(200), deadline=None)
def test_any_tangle_of_tags_is_rendered_or_refused(text: str) -> None:
    assert isinstance(only(FUZZED, job(text, {"a": "x"})), str | Problem)


FUZZED = RenderingProcess(Limits(step_seconds=0.5, slow_seconds=1_000.0), endless())


@pytest.fixture(scope="module", autouse=True)
def _end_the_fuzzed_process() -> Iterator[None]:
    yield
    FUZZED.__exit__()
