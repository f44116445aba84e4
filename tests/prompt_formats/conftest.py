"""The rendering process that tests of formats share."""

from collections.abc import Iterator

import pytest

from reviewbot.rendering.parsing_process import ParsingProcess
from tests.support.compiling import STRICT


@pytest.fixture(scope="module")
def process() -> Iterator[ParsingProcess]:
    """A rendering process with tight limits; a file of tests has one."""
    with ParsingProcess(STRICT) as started:
        yield started
