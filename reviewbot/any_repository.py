"""The review of any repository: by its configuration, else of the prompts that are found in it."""

from datetime import date

from reviewbot.configuration import DEFAULT_FILE
from reviewbot.local_cache import NO_CACHE, Cache
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.report import Report
from reviewbot.repository.revisions import Comparison
from reviewbot.review import review
from reviewbot.telemetry import Telemetry


def review_any(
    comparison: Comparison,
    *,
    configuration_file: str,
    today: date,
    telemetry: Telemetry,
    is_uncommitted: bool = False,
    cache: Cache = NO_CACHE,
) -> Report:
    """Review one comparison; a configuration that is not there is assumed, unless it was named.

    Prices are read at `today` where the configuration does not pin another day. `is_uncommitted`
    says that a configuration that is not there lies in the work tree.

    Raises:
        ConfigurationError: The configuration is wrong, or the named one is not there.
        UsageError: The configuration stands under another name than the default.
        RevisionError: git stopped answering.

    """
    if configuration_file == DEFAULT_FILE and not comparison.has(DEFAULT_FILE):
        from reviewbot.unconfigured import review_unchanged, review_unconfigured

        if not comparison.changes:
            return review_unchanged(
                comparison, configuration_file, today=today, is_uncommitted=is_uncommitted
            )
        return review_unconfigured(
            comparison, configuration_file, today=today, is_uncommitted=is_uncommitted, cache=cache
        )[0]
    return review(
        comparison,
        configuration_file=configuration_file,
        today=today,
        telemetry=telemetry,
        parser=LimitedParser(cache=cache),
    )
