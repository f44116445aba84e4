"""What `init --update` makes of a configuration."""

import argparse
from collections.abc import Iterable, Sequence
from functools import partial

from msgspec.structs import replace

from reviewbot.commands import Edges
from reviewbot.commands._common.choices import choice_of
from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.followed_models import followed
from reviewbot.discovery.said_news import said_of
from reviewbot.discovery.taken_out import taken_out
from reviewbot.discovery.update import news_of, updated
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.repository.revisions import Comparison
from reviewbot.review import review
from reviewbot.unconfigured import propose_workflows
from reviewbot.unconfigured.proposal import patient_parser, refuse_unfinished
from reviewbot.unconfigured.sample_updates import updated_samples


def brought_up_to_date(
    found: Comparison,
    old: str,
    earlier: Iterable[str],
    chosen: argparse.Namespace,
    edges: Edges,
) -> tuple[str, tuple[str, ...]]:
    """The text of the configuration with all that is new, and what to say of it.

    `earlier` are its texts in the latest commits that changed it.
    """
    news, choice = news_of(old, chosen.config, found), choice_of(chosen)
    news = replace(news, taken_out=taken_out(old, earlier, chosen.config)).including(choice.include)
    with patient_parser() as parser:

        def only_new(proposed: Sequence[Proposed]) -> list[Proposed]:
            nonlocal news
            news = news.with_missing(found, parser, proposed).holding(proposed)
            return [item for item in proposed if news.is_new(item)]

        proposal = propose_workflows(
            found,
            chosen.config,
            today=edges.today,
            parser=parser,
            only_new=only_new,
            choice=replace(choice, ignored=news.ignored),
        )
        added = news.with_workflows(proposal.workflows, proposal.unmeasured, proposal.left_out)
        news = added.beside_known(proposal.known)
        models = followed(old, news, proposal.known)
        samples = updated_samples(
            updated(models.text, news, choice.exclude),
            found,
            chosen.config,
            partial(review, configuration_file=chosen.config, today=edges.today, parser=parser),
            SourceReader(found.after_tree, {}, parser),
        )
        refuse_unfinished(parser)
    is_gone = any(item.new is None for item in news.missing)
    last = "no new prompts" if is_gone else "no new prompts: the file stays as it is"
    unchanged = (last,) if samples.text == old else ()
    return samples.text, (
        *models.said,
        *samples.said,
        *said_of(news, proposal.apart, samples.text),
        *unchanged,
    )
