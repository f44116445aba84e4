import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.repository.globs import Effort, matches, select


@pytest.mark.parametrize(
    ("path", "pattern", "meant"),
    [
        ("samples/a.yaml", "samples/*.yaml", True),
        ("samples/deep/a.yaml", "samples/*.yaml", False),
        ("samples/deep/a.yaml", "samples/**/*.yaml", True),
        ("samples/a.yaml", "samples/**/*.yaml", True),
        ("a.yaml", "**", True),
        ("a/b/c.md", "**/c.md", True),
        ("a/b/c.md", "a/**/b/**/c.md", True),
        ("a/b/c.md", "a/**/x/**/c.md", False),
        ("a1.txt", "a?.txt", True),
        ("a.txt", "A.txt", False),
        ("a.txt", "a.txt/b", False),
        ("[x].txt", "[[]x].txt", True),
    ],
)
def test_globs(path: str, pattern: str, meant: bool) -> None:  # noqa: FBT001 - a table's column
    assert matches(path, pattern) is meant


PARTS = st.lists(st.sampled_from(["a", "ab", "b", "c.md"]), min_size=1, max_size=4).map("/".join)
PATTERNS = st.lists(
    st.sampled_from(["a", "a*", "**", "*", "?", "c.md"]), min_size=1, max_size=4
).map("/".join)


@given(st.lists(PARTS, unique=True), PATTERNS)
def test_the_search_by_prefix_finds_what_matching_each_path_finds(
    paths: list[str], pattern: str
) -> None:
    assert select(sorted(paths), pattern, Effort()) == sorted(
        path for path in paths if matches(path, pattern)
    )


def test_a_hostile_pattern_takes_bounded_time() -> None:
    assert not matches("a" * 4_000, "*a" * 40 + "b")
    assert not matches("/".join("a" * 200), "/".join(["**", "a"] * 100) + "/b")
