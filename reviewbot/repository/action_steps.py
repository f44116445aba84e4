"""What is wrong with the step of a workflow file that runs the review."""

import posixpath
import re
from collections.abc import Callable, Iterator

from reviewbot.documents.nodes import Entry, MappingNode, Scalar
from reviewbot.repository.action_jobs import Asked, Fault, Job, WorkflowFile
from reviewbot.repository.action_nodes import (
    action_name,
    entry_of,
    mapping_of,
    option,
    text_of,
)
from reviewbot.repository.action_words import INPUTS, meant

_FETCHES = re.compile(r"\bgit (?:clone|fetch|init|pull)\b|\bgh repo clone\b")
_USABLE = re.compile(r"[\w.-]+/[\w./-]+@[\w./-]+")


def of_step(job: Job, workflow: WorkflowFile, asked: Asked) -> Iterator[Fault]:
    """What is wrong with the step of a job, or with what it is given."""
    yield from _of_uses(job)
    yield from _of_inputs(job)
    yield from _of_checkout(job)
    if asked.exists is not None:
        yield from _of_folders(job, workflow, asked.exists)
        yield from _of_configuration(job, asked, asked.exists)


def _of_uses(job: Job) -> Iterator[Fault]:
    """That GitHub does not take the name of the action."""
    if not job.action or _USABLE.fullmatch(job.action):
        return
    name = action_name(job.action)
    version = re.search(r"[@:]\s*([\w.-]+)$", job.action.removeprefix("https:"))
    shown = name if "/" in name else f"OWNER/{name}"
    if version is None:
        what = f"GitHub runs no workflow whose `uses: {job.action}` names no version"
        yield Fault(job.run_line, what, f"write `uses: {shown}@` and a commit of it")
        return
    what = f"`uses: {job.action}` is no action as GitHub names them, OWNER/NAME@COMMIT"
    yield Fault(job.run_line, what, f"write `uses: {shown}@{version[1]}`")


def _of_inputs(job: Job) -> Iterator[Fault]:
    """The inputs that the action does not have, and the values that it refuses."""
    if job.is_called or job.inputs is None:
        return
    for entry in mapping_of(job.step.get("with")).entries:
        if entry.key.lower() not in INPUTS:
            near = meant(entry.key, tuple(INPUTS))
            mend = (
                f"did you mean `{near}`?" if near else f"take it out; there are {', '.join(INPUTS)}"
            )
            what = f"the action has no input `{entry.key}`, so it is ignored"
            yield Fault(entry.key_line, what, mend)
        elif (values := INPUTS[entry.key.lower()]) and (value := _refused(entry, values)):
            near = meant(value, values)
            mend = f"did you mean `{near}`?" if near else f"write one of {', '.join(values)}"
            what = f"the input `{entry.key}` is {value!r}, and fails the step"
            yield Fault(entry.key_line, what, mend)
    token = option(job.step, "token")
    secret = _SECRET.fullmatch(text_of(token.value)) if token else None
    if token and secret and meant(secret[1].upper(), ("GITHUB_TOKEN",), at_least=_ALIKE):
        what = f"the secret {secret[1]} is most likely not there, and the token is empty"
        yield Fault(token.key_line, what, "take `token` out: the job's own is taken")
    python = option(job.step, "python")
    if python and re.fullmatch(r"3(?:\.\d+){0,2}", text_of(python.value)):
        what = f"the input `python` is {text_of(python.value)!r}, and no program"
        yield Fault(python.key_line, what, f"write `python: python{text_of(python.value)}`")


_SECRET = re.compile(r"\$\{\{\s{0,9}secrets\.(\w{1,100})\s{0,9}\}\}")
_ALIKE = 0.85


def _refused(entry: Entry, values: tuple[str, ...]) -> str | None:
    """The text of an input that may not have it; an expression is known to GitHub alone."""
    if not isinstance(entry.value, Scalar):
        return None
    text = entry.value.text.strip()
    told = text if entry.value.quoted else text.lower()
    return None if not text or "${{" in text or told in values else text


def _checkouts(job: Job) -> list[MappingNode]:
    return [step for step in job.before if _used(step).partition("@")[0].endswith("/checkout")]


def _used(step: MappingNode) -> str:
    return text_of(step.get("uses"))


def _of_checkout(job: Job) -> Iterator[Fault]:
    """That the files, or the commits, which a review reads are not there."""
    if job.is_called or (job.inputs is not None and "report" in job.inputs):
        return
    checkouts = _checkouts(job)
    for step in checkouts:
        for name in ("filter", "sparse-checkout"):
            if left_out := option(step, name):
                yield Fault(
                    left_out.key_line,
                    f"`{name}` leaves files out of the checkout, and reviewbot cannot read them",
                    f"take `{name}` out: the ordinary, shallow checkout is enough",
                )
    scripts = [job.script, *(text_of(step.get("run")) for step in job.before)]
    if any(map(_FETCHES.search, scripts)):
        return
    if not checkouts and not any(_used(step).startswith("./") for step in job.before):
        what = f"no step of the job {job.name} above this one checks the repository out"
        yield Fault(job.run_line, what, "add `- uses: actions/checkout@v5` above it")
    elif job.inputs is None and not any(map(_is_deep, checkouts)):
        what = "the checkout has one commit, and `reviewbot check` compares it with the base"
        depths = [depth for step in checkouts if (depth := option(step, "fetch-depth"))]
        if depths:
            yield Fault(depths[0].key_line, what, "write `fetch-depth: 0`")
        else:
            yield Fault(job.run_line, what, "add `with: {fetch-depth: 0}` to the checkout")


def _is_deep(checkout: MappingNode) -> bool:
    """Whether more than one commit may be fetched; what is no number fetches all of them."""
    depth = option(checkout, "fetch-depth")
    text = text_of(depth.value).strip() if depth else "1"
    return not text.isdecimal() or int(text) != 1


def _of_folders(job: Job, workflow: WorkflowFile, exists: Callable[[str], bool]) -> Iterator[Fault]:
    """That the review looks into a folder that is not there."""
    if job.is_called or (job.inputs is not None and "report" in job.inputs):
        return
    given = _folder(job, workflow)
    checkouts = [
        text_of(it.value) if (it := option(step, "path")) else "" for step in _checkouts(job)
    ]
    elsewhere = [posixpath.normpath(path) for path in checkouts if path and "${{" not in path]
    if given is None:
        if job.inputs is not None and elsewhere and len(elsewhere) == len(checkouts):
            what = f"the checkout is in `{elsewhere[0]}`, and the review looks beside it"
            mend = f"add `with: {{working-directory: {elsewhere[0]}}}` to this step"
            yield Fault(job.run_line, what, mend)
        return
    folder = posixpath.normpath(text_of(given.value))
    is_told = any(folder in text_of(step.get("run")) for step in job.before)
    if "${{" in folder or folder.startswith("/") or is_told or exists(folder):
        return
    if any(folder == path or folder.startswith(f"{path}/") for path in elsewhere):
        return
    what = f"there is no folder `{folder}`, and the step fails"
    mend = (
        f"write `working-directory: {elsewhere[0]}`, where the checkout is"
        if elsewhere
        else "take `working-directory` out: the checkout is at the top"
    )
    yield Fault(given.key_line, what, mend)


def _folder(job: Job, workflow: WorkflowFile) -> Entry | None:
    """Where the folder is named in which the review runs; None for the top."""
    if job.inputs is not None:
        return option(job.step, "working-directory")
    of_runs = [mapping_of(node.get("defaults")).get("run") for node in (job.body, workflow.root)]
    named = (entry_of(node, "working-directory") for node in (job.step, *of_runs))
    return next((entry for entry in named if entry is not None), None)


def _of_configuration(job: Job, asked: Asked, exists: Callable[[str], bool]) -> Iterator[Fault]:
    """That the input `config` names a file that is not there."""
    config = entry_of(mapping_of(job.step.get("with")), "config")
    if config is None or "report" in (job.inputs or {}):
        return
    text = text_of(config.value)
    path = posixpath.normpath(text) if text else ""
    if not path or "${{" in path or exists(path):
        return
    known = asked.configuration
    mend = f"write `config: {known}`" if known and exists(known) else "name the one that is there"
    what = f"`config` names {path}, and there is no such file in the repository"
    yield Fault(config.key_line, what, mend)
