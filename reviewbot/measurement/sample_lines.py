"""Where a value of a sample stands in the file that the sample was read from."""

import re

from reviewbot.configuration.setting_lines import Key, Locator
from reviewbot.errors import ConfigurationError, MeasurementError
from reviewbot.prompt import Sample
from reviewbot.scope.affected import Side

_DESCRIBED = re.compile(r"(?m)^[\s{]{0,99}[\"']?variables[\"']?\s{0,9}:")


def place_in_file(sample: Sample, key: Key, side: Side) -> str | None:
    """The file of a sample, with the line of the value at `key` where that is known.

    None where the configuration itself has the sample, or no single file.
    """
    file = side.reader.samples.file_of(sample)
    if file is None:
        return None
    try:
        text = side.reader.text(file)
        key = (*(("variables",) if _is_described(sample, text) else ()), *key)
        return f"{file}:{Locator(text, file=file).place(key).line}"
    except (ConfigurationError, MeasurementError):
        return file


def has_only_variables(sample: Sample, side: Side) -> bool:
    """Whether a sample was read from a file in which its variables stand outside of all keys."""
    file = side.reader.samples.file_of(sample)
    try:
        return file is not None and not _is_described(sample, side.reader.text(file))
    except MeasurementError:
        return False


def _is_described(sample: Sample, text: str) -> bool:
    return "variables" not in sample.variables and _DESCRIBED.search(text) is not None
