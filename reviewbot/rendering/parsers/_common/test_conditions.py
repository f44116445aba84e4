"""Words of conditions that hold in tests only."""

import re

_WORD = re.compile(
    r"(?i)(?:(?:is|in|use|with)_?)?(?:(?:unit|e2e)_?)?"
    r"(?:tests?|testing|mocks?|mocking)(?:_?(?:env|environment|mode|run))?"
    r"|[A-Z_]{0,20}(?:PLAYWRIGHT|VITEST|JEST|PYTEST)[A-Z_]{0,20}"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ENVIRONMENT = re.compile(r"(?i)env(?:ironment)?|mode|stage")


def says_test(name: str) -> bool:
    """Whether a name says that a test runs; that of an experiment, `isTestGroup`, does not."""
    return _WORD.fullmatch(_CAMEL.sub("_", name)) is not None


def compares_to_test(name: str, text: str) -> bool:
    """Whether what a name stands for is held against the word for tests: `NODE_ENV`, `test`."""
    last = _CAMEL.sub("_", name).rpartition("_")[2]
    return says_test(text) and _ENVIRONMENT.fullmatch(last) is not None
