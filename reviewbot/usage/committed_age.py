"""Whether the committed aggregate is as new as the logs that are at hand."""

from collections.abc import Iterator
from datetime import date

from reviewbot.configuration.settings import Configuration
from reviewbot.errors import MeasurementError
from reviewbot.repository.trees import Tree, read_text
from reviewbot.usage.committed import read_usage


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
    age = (until - usage.until).days
    if age > settings.stale_after_days:
        yield (
            f"{settings.file} is stale: it ends on {usage.until}, {age:,} days before these"
            f" logs, and {settings.stale_after_days:,} are allowed; write it again with"
            " `reviewbot usage --output`"
        )
