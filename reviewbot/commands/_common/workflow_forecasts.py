"""The forecasts of all workflows as they stand, for commands that hold them against logs."""

from collections.abc import Mapping
from datetime import date

from reviewbot.report import Figures
from reviewbot.repository.revisions import Comparison
from reviewbot.review import review


def figures_now(comparison: Comparison, file: str, *, today: date) -> Mapping[str, Figures]:
    """The figures of each workflow that can be measured; `comparison` is with no base.

    Raises:
        ConfigurationError: The configuration is wrong.

    """
    report = review(comparison, configuration_file=file, today=today)
    return {item.name: item.after for item in report.workflows if item.after is not None}
