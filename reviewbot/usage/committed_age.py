"""Whether the committed aggregate is as new as it has to be."""

from collections.abc import Iterator
from datetime import date

from reviewbot.configuration.settings import Configuration
from reviewbot.configuration.usage_settings import UsageSettings
from reviewbot.errors import MeasurementError
from reviewbot.repository.trees import Tree, read_text
from reviewbot.usage.committed import CommittedUsage, read_usage

WRITE_AGAIN = "write it again with `reviewbot usage --output`"


def too_old(usage: CommittedUsage, settings: UsageSettings, day: date, what: str) -> str | None:
    """When an aggregate ends that is too old on `day`, which is that of `what`; else None."""
    age = (day - usage.until).days
    if age <= settings.stale_after_days:
        return None
    return (
        f"it ends on {usage.until}, {age:,} days before {what}, and"
        f" {settings.stale_after_days:,} are allowed; {WRITE_AGAIN}"
    )


def stale_notes(tree: Tree, configuration: Configuration, until: date) -> Iterator[str]:
    """A note where pull requests are shown traffic that is too old beside logs until `until`."""
    settings = configuration.usage
    if tree.entry(settings.file) is None:
        return
    try:
        usage = read_usage(read_text(tree, settings.file), file=settings.file)
    except MeasurementError as error:
        problem = error.problems[0]
        yield f"{settings.file}: {problem.what}; {problem.mend}"
        return
    if (age := too_old(usage, settings, until, "these logs")) is not None:
        yield f"{settings.file} is stale: {age}"
