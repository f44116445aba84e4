"""The rendering process that tests of formats share."""

from collections.abc import Iterator

import pytest

from reviewbot.rendering.process import RenderingProcess
from tests.support.compiling import STRICT


@pytest.fixture(scope="module")
def process() -> Iterator[RenderingProcess]:
    """A rendering process with tight limits; a file of tests has one."""
    with RenderingProcess(STRICT) as started:
        yield started
