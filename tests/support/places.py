"""Where the tests' files are, whichever folder a test stands in."""

from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
DATA = TESTS / "data"
REFERENCES = DATA / "references"
GOLDEN = TESTS / "golden"
BENCH = ROOT / "bench"
FORMAT_PAGES = ROOT / "docs" / "formats"
