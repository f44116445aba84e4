"""What `init --update` says: what it did, and what a person has to do."""

import shlex
from collections.abc import Collection, Iterator, Sequence

from reviewbot.configuration.setting_lines import Locator, told_lines
from reviewbot.discovery.calls import Proposed, written_path
from reviewbot.discovery.developer_files import globs_of
from reviewbot.discovery.findings import LeftOut
from reviewbot.discovery.left_out import counted, summed_up
from reviewbot.discovery.moves import Missing
from reviewbot.discovery.update import News


def said_of(news: News, apart: Sequence[Proposed], text: str) -> Iterator[str]:
    """What was added, and what a person has to do, line by line.

    `apart` are workflows of developers' agents that were found and not asked for. `text` is the
    configuration as it is written, whose lines are told of what has to be deleted by hand.
    """
    for item in news.workflows:
        prompts = ", ".join(written_path(found) or found.path for found in item.prompts)
        reason = news.unmeasured.get(item.name)
        yield f"added: {item.name}: {prompts}{f' (as a comment: {reason})' if reason else ''}"
    if news.workflows:
        yield "no prompt of yours? take its workflow out: `--update --exclude PATH` keeps it out"
    for path, workflow in news.held.items():
        shown = shlex.quote(path)
        yield (
            f"not added: {path}: its workflow `{workflow}` was taken out of the file; "
            f"`--update --exclude {shown}` keeps it out for good, "
            f"`--update --include {shown}` adds it"
        )
    for paths, reason in news.still.items():
        yield f"still not measured: {paths}: {reason}"
    for path, name in news.beside:
        yield f"not added: {path}: it looks like a message of `{name}`; add it to its prompts"
    for path, name in news.wholes:
        yield f"not added: {path}: `{name}` names a part of it; name the whole there"
    for missing in news.missing:
        line = f" (line {missing.line})" if missing.line is not None else ""
        what = f"{missing.name} of `{missing.workflow}`{line}"
        if missing.new is not None:
            yield f"moved: {what} is {missing.new.name} now"
        else:
            yield _gone(news, missing, Locator(text, file=news.configuration.file))
    yield from _moved_samples(news)
    yield from _apart([item for item in apart if news.is_new(item)])
    unnamed = [item for item in news.left_out if item.what not in news.text]
    is_list = len(unnamed) < len(news.left_out) and "\n# - and " not in news.text
    yield from _left_out(unnamed, None if is_list else news.changed)


def _moved_samples(news: News) -> Iterator[str]:
    for name, patterns in news.samples.items():
        for old, new in patterns.items():
            yield f"moved: the samples {old} of `{name}` are {new} now"


def _gone(news: News, missing: Missing, locator: Locator) -> str:
    """How to take a prompt out that is gone, and its workflow where it was the only one."""
    name, file = missing.workflow, news.configuration.file
    line = locator.place(("workflows", name, "prompts", missing.name)).line
    at = f" (line {line})" if line is not None else ""
    what = f"gone: {missing.name} of `{name}`{at}"
    named = news.configuration.workflows.get(name)
    if named is None or len(named.prompts) != 1:
        return f"{what}: take it out of {file} by hand, or correct the path"
    lines = locator.block(("workflows", name))
    where = f": delete {told_lines(*lines)} of {file}" if lines else ""
    return f"{what}: take the workflow `{name}` out by hand{where}, or correct the path"


def _apart(found: Sequence[Proposed]) -> Iterator[str]:
    if found:
        paths = {prompt.path for item in found for prompt in item.prompts}
        globs = globs_of(paths, ())
        named = " ".join(f"--include '{glob}'" for glob in globs[:_MOST_GLOBS])
        files = "1 file" if len(paths) == 1 else f"{len(paths):,} files"
        yield f"not added: {files} of coding agents; `{named}` adds them, --exclude leaves them out"


_MOST_GLOBS = 3


def _left_out(unnamed: Sequence[LeftOut], changed: Collection[str] | None) -> Iterator[str]:
    """What the file does not name: what is new by itself, and the others in one line.

    New is what stands in `changed` files; all of it where that is None.
    """
    new = [it for it in unnamed if changed is None or it.what.partition("#")[0] in changed]
    old = [item for item in unnamed if item not in new]
    if new:
        yield f"left out, {counted(new)} that the file does not name:"
        yield from (f"  {line}" for line in summed_up(new))
    if old:
        yield f"left out as before: {counted(old)}; `reviewbot init --output -` names each"
