"""Whether a workflow is made of the same, and judged by the same, before and after."""

import posixpath
from collections import Counter
from collections.abc import Mapping

from reviewbot import prompt_formats
from reviewbot.configuration.settings import (
    Configuration,
    SamplePattern,
    Workflow,
)
from reviewbot.errors import Place
from reviewbot.prompt import Sample
from reviewbot.repository.trees import Tree
from reviewbot.scope.affected import Side


def differ(before: Side | None, after: Side | None, *, any_change: bool) -> bool:
    """Whether the call is made of something else after the change, as far as that is known."""
    if before is None or after is None:
        return True
    if before.source is after.source and before.source.complete:
        return before.encoding != after.encoding
    is_known = before.source.complete and after.source.complete
    return _sent(before) != _sent(after) or (not is_known and any_change)


def _sent(side: Side) -> object:
    """What a call is made of, wherever in its files that stands."""
    source = side.source
    messages = []
    for item in source.messages:
        template = item.template
        said = (
            *(template.role, template.text, template.engine, template.name),
            *(template.images, template.documents),
        )
        beside = [entry for entry in item.files.items() if not _is_read(item.path, entry[0])]
        messages.append((item.path, said, sorted(beside), item.options))
    asked = (source.tools, source.response_schemas, source.parameters)
    named = (source.called_models, source.named_models, source.named_caps)
    fixed = (*asked, source.model, source.counts_as, source.max_tokens, *named)
    request = (source.answers, sorted((item.key, item.value) for item in source.settings))
    return messages, fixed, request, side.encoding


def _is_read(path: str, other: str) -> bool:
    """Whether all that a prompt at a path has of another file stands in its text already.

    What source code imports is put into the text; what a template includes is not.
    """
    is_source = prompt_formats.of_source(path) is not None
    return other == path or (is_source and prompt_formats.of_source(other) is not None)


def same_terms(base: Workflow, head: Workflow) -> bool:
    """Whether two settings give the same forecast and verdict, wherever they stand in the file."""
    return inline_samples(base) == inline_samples(head) and all(
        getattr(base, key) == getattr(head, key) for key in JUDGED_BY
    )


JUDGED_BY = ("envelope", "traffic", "feature", "owner", "complexity")
"""What decides about a workflow beside its samples: the base's value gates."""


def own_samples(side: Side | None) -> tuple[Sample, ...]:
    """The samples that the prompts bring themselves."""
    return side.source.own_samples if side is not None else ()


def inline_samples(workflow: Workflow) -> list[Sample | str]:
    """The samples of a configuration, and its patterns."""
    return [item.pattern if isinstance(item, SamplePattern) else item for item in workflow.samples]


def same_rules(base: Configuration, head: Configuration) -> bool:
    """Whether two configurations give the same prices."""
    return base.prices == head.prices


def changed_files(
    before: Side | None,
    after: Side | None,
    was_files: Mapping[str, str],
    head_files: Mapping[str, str],
) -> tuple[str, ...]:
    """The files that go into the call, or its samples, and differ; sorted."""
    old = {**(before.source.files if before else {}), **was_files}
    new = {**(after.source.files if after else {}), **head_files}
    return tuple(sorted(path for path in {*old, *new} if old.get(path) != new.get(path)))


def gained_tags(before: Side | None, after: Side | None) -> tuple[Place, ...]:
    """Prompts that are read as text, and hold more tags of a template language than before."""
    from reviewbot.prompts.template_tags import template_tags

    def tags(side: Side) -> Mapping[Place, int]:
        return {
            Place(file=item.path, line=item.template.line): template_tags(item.template.text)
            for item in side.source.messages
            if item.template.engine is None
        }

    if before is None or after is None:
        return ()
    was, now = tags(before), tags(after)
    files: Counter[str] = Counter()
    for place, count in was.items():
        files[place.file] += count
    gained = []
    for place, count in now.items():
        files[place.file] -= count
        if files[place.file] < 0:
            gained.append(place)
    return tuple(gained)


def displaced_includes(
    before: Side | None, after: Side | None, tree: Tree
) -> tuple[tuple[str, str], ...]:
    """Included files that are still there, and that another of the same name stands in for.

    What the prompts themselves stand in is no included file: their own move is told by itself.
    """
    if before is None or after is None:
        return ()
    own = {message.path for side in (before, after) for message in side.source.messages}
    old, new = ([path for path in side.source.files if path not in own] for side in (before, after))
    added = {posixpath.basename(path): path for path in new if path not in old}
    return tuple(
        (path, added[name])
        for path in old
        if path not in new
        and (name := posixpath.basename(path)) in added
        and tree.entry(path) is not None
    )
