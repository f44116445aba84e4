"""The text of a first configuration, with a comment on every value that a person must look at."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from reviewbot import prompt_formats
from reviewbot.configuration.reading import SCHEMA_URL
from reviewbot.configuration.settings import Guess
from reviewbot.discovery.basis import GUESSED, Basis, own_guesses
from reviewbot.discovery.calls import Proposed, written_path
from reviewbot.discovery.findings import Found, LeftOut
from reviewbot.documents.yaml_quoting import quoted

_HEAD = """\
# yaml-language-server: $schema={schema}
# Written by `reviewbot init`. Look at each line marked CHANGE: it could not know what stands there.
# Every key is explained in reviewbot's docs/configuration.md.
version: 1

"""
_MODEL_GUESS = "  # CHANGE: the model of all workflows whose prompts name none.\n"
_BEFORE_IT = """\
  # What code falls back to goes before it, as long as `assumed` names `model`.
"""
_BEHIND_IT = "  # It goes before what code falls back to.\n"
_TRAFFIC_GUESS = """\
  # CHANGE: a guess. How often is each workflow called, and how long are the answers?
  # A workflow of which you know more says so itself, under `traffic` as here.
"""
_ASSUMED = "  # Guesses: to correct one needs no approval. Take out what is no guess any more.\n"
_LIMITS = """\
  # A change that adds more than 5% to a workflow's month is a warning; more than 20% fails.
  # Add `monthly_cost: {hard: $500}`, for example, to limit the month itself.
  envelope:
    increase: {soft: 5%, hard: 20%}
"""
_NO_APPROVERS = """\

# CHANGE: who may approve a change that leaves its limits? Until somebody is named, nobody can.
# approval:
#   approvers: [a-login, "@your-organization/your-team"]
"""
_SAMPLES = """\

# Samples are variables that prompts are rendered with, in files (`samples: samples/answer/*.yaml`)
# or here: `samples: [{name: typical, variables: {question: {tokens: 120}}}]`.
"""
_GUESSED_SAMPLES = """\
# CHANGE: those of `assumed: [samples]` are guesses. How long are they in your dearest workflows?
"""
_FOLD_COLUMNS = 100
_MOST_WORKFLOWS = 1_000
_MOST_CHARACTERS = 300_000
"""A configuration may have 1 MiB; what is commented out takes some of it too."""

_GUESSES = ("is it a template?", "a guess by its placeholders")
"""What is said of a format that is a guess: of one without placeholders, and of the others."""

_REASON_CHARACTERS = 400
_MOST_LEFT_OUT = 200


def fitting(workflows: Sequence[Proposed]) -> tuple[Proposed, ...]:
    """As many of the workflows as one configuration takes."""
    sizes = accumulate(sum(map(len, _workflow(workflow))) for workflow in workflows)
    fits = sum(size <= _MOST_CHARACTERS for size in sizes)
    return tuple(workflows[: min(fits, _MOST_WORKFLOWS)])


def configuration_text(
    workflows: Iterable[Proposed],
    unmeasured: Mapping[str, str],
    left_out: Iterable[LeftOut],
    basis: Basis = GUESSED,
    *,
    has_limits: bool = True,
    ignored: Iterable[str] = (),
) -> str:
    """The configuration with these workflows, those that are `unmeasured` in comments, and why.

    `ignored` are the globs of files that are no prompts of the product.
    """
    workflows = tuple(workflows)
    measured, commented = workflow_lines(workflows, unmeasured)
    has_guesses = any(item.variables and item.name not in unmeasured for item in workflows)
    text = (
        _HEAD.format(schema=SCHEMA_URL)
        + "".join(_defaults(basis, workflows, has_limits=has_limits))
        + _approval(basis)
        + _SAMPLES
        + (_GUESSED_SAMPLES if has_guesses else "")
    )
    text += "\n".join(["workflows:" if measured else "workflows: {}", *measured[1:]]) + "\n"
    if commented:
        note = "  # These could not be measured. Correct what is said, and take the `#` away."
        text += "\n" + "\n".join([note, *commented[1:]]) + "\n"
    text += ignored_text(ignored)
    named = sorted({f"{item.what}: {item.reason}" for item in left_out})
    if named:
        lines = [f"# - {_inert(line)}\n" for line in named[:_MOST_LEFT_OUT]]
        if len(named) > _MOST_LEFT_OUT:
            lines.append(f"# - and {len(named) - _MOST_LEFT_OUT:,} more\n")
        text += "\n# Left out:\n" + "".join(lines)
    return text


def ignored_text(globs: Iterable[str]) -> str:
    """The section that says which files are searched for no prompts; nothing where all are."""
    lines = "".join(f"    - {quoted(glob)}\n" for glob in globs)
    return f"\n{_IGNORED}coverage:\n  ignore:\n{lines}" if lines else ""


_IGNORED = """\
# No prompts of the product: coding agents' instructions, and what `init --exclude` named. To govern
# some of them, `reviewbot init --update --include GLOB` writes their workflows.
"""


def workflow_lines(
    workflows: Iterable[Proposed], unmeasured: Mapping[str, str], own: Iterable[str] = ()
) -> tuple[list[str], list[str]]:
    """The lines of the workflows, an empty one before each; and of the `unmeasured`, as comments.

    `own` are further lines of each workflow.
    """
    measured: list[str] = []
    commented: list[str] = []
    further = list(own)
    for workflow in workflows:
        lines = [*_workflow(workflow), *further]
        if workflow.name not in unmeasured:
            measured += ["", *lines]
            continue
        commented += ["", *_comment(f"Not measured: {unmeasured[workflow.name]}")]
        commented += [f"  #{line.removeprefix(' ')}" for line in lines]
    return measured, commented


def _defaults(basis: Basis, workflows: Iterable[Proposed], *, has_limits: bool) -> Iterator[str]:
    yield "defaults:\n"
    is_guess = Guess.MODEL in basis.assumed
    if is_guess:
        yield _MODEL_GUESS
    if any(item.default_model is not None for item in workflows):
        yield _BEFORE_IT if is_guess else _BEHIND_IT
    yield f"  model: {_model(basis.model)}\n"
    if Guess.TRAFFIC in basis.assumed:
        yield _TRAFFIC_GUESS
    yield f"  traffic:\n    - {traffic_text(basis)}\n"
    if basis.assumed:
        yield f"{_ASSUMED}  assumed: [{', '.join(basis.assumed)}]\n"
    if has_limits:
        yield _LIMITS


def _model(name: str) -> str:
    return name if _PLAIN_MODEL.fullmatch(name) else quoted(name)


def traffic_text(basis: Basis) -> str:
    """One stream of calls in YAML's flow style."""
    return f"{{calls: {basis.calls}, output_tokens: {basis.output_tokens}}}"


def _approval(basis: Basis) -> str:
    if not basis.approvers:
        return _NO_APPROVERS
    source = f"\n# CHANGE: {basis.owners_file} names them as owners of this file. Who may approve?"
    people = ", ".join(map(json.dumps, basis.approvers))
    return f"{source if basis.owners_file else ''}\napproval:\n  approvers: [{people}]\n"


def _workflow(workflow: Proposed) -> Iterator[str]:
    yield f"  {workflow.name}:"
    yield from model_lines(workflow)
    yield "    prompts:"
    for found in workflow.prompts:
        yield f"      - {_prompt(found)}"
    if len(workflow.tools) == 1:
        yield f"    tools: {quoted(workflow.tools[0])}"
    elif workflow.tools:
        yield "    tools:"
        yield from (f"      - {quoted(path)}" for path in workflow.tools)
    if workflow.samples is not None:
        yield f"    samples: {quoted(workflow.samples)}"
    elif workflow.variables:
        yield from sample_lines(workflow.variables)
    elif workflow.has_variables and not workflow.has_own_samples:
        yield "    # No samples, so what its variables hold is not counted."
    if guesses := own_guesses(workflow):
        yield f"    assumed: [{', '.join(guesses)}]"


def model_lines(workflow: Proposed) -> Iterator[str]:
    """What the text of a workflow says of its model."""
    if workflow.called_at is not None:
        place = _inert(str(workflow.called_at))
        yield f"    model: {_model(workflow.model or '')}  # {place} calls it"
    elif workflow.model is not None:
        yield f"    # The prompt file names the model: {_inert(workflow.model)}"
    elif workflow.default_model is not None:
        lack = "" if workflow.has_default_price else ", of which no price is known"
        yield f"    # Code falls back to the model: {_inert(workflow.default_model)}{lack}"
    elif workflow.nearby is not None:
        yield f"    model: {_model(workflow.nearby.model)}  # CHANGE: {_inert(workflow.nearby.why)}"


def _prompt(found: Found) -> str:
    path = written_path(found) or ""
    recognized = prompt_formats.recognize(found.path) if found.selector is None else None
    keys = []
    if recognized is None or found.format != recognized.NAME:
        keys.append(f"format: {found.format}")
    if found.role is not None:
        keys.append(f"role: {found.role}")
    note = f"  # {_GUESSES[found.format != 'text']}" if found.is_guess else ""
    if not keys:
        return f"{quoted(path)}{note}"
    return f"{{{', '.join([f'path: {quoted(path)}', *keys])}}}{note}"


def variable_name(name: str) -> str:
    """A variable of a sample as a key in YAML."""
    is_plain = _VARIABLE.fullmatch(name) and name.lower() not in _NO_WORDS
    return name if is_plain else quoted(name)


_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")


def sample_lines(variables: Mapping[str, Any]) -> Iterator[str]:
    """The samples of a workflow: one, with guesses of what its variables hold."""
    yield "    samples:"
    yield "      - name: typical"
    yield "        variables:"
    for name, value in variables.items():
        yield from _variable(f"          {variable_name(name)}:", value)


def _variable(key: str, value: Any) -> Iterator[str]:
    """A variable of a sample; long lists have a line for each item."""
    line = f"{key} {flow(value)}"
    if not isinstance(value, list) or len(line) <= _FOLD_COLUMNS:
        yield line
        return
    yield key
    indent = " " * (len(key) - len(key.lstrip()) + 2)
    yield from (f"{indent}- {flow(item)}" for item in value)


def flow(value: Any) -> str:
    """The guessed value of a variable, in YAML's flow style."""
    if isinstance(value, Mapping):
        inside = (f"{variable_name(key)}: {flow(inner)}" for key, inner in value.items())
        return f"{{{', '.join(inside)}}}"
    return f"[{', '.join(map(flow, value))}]" if isinstance(value, list) else json.dumps(value)


_NO_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
"""Names that some readers of YAML take for another kind of value."""

_PLAIN_MODEL = re.compile(r"[A-Za-z][\w.-]*(?:/[\w.-]+)*")


def _comment(text: str) -> Iterator[str]:
    shown = _inert(text)
    while shown:
        cut = len(shown)
        if cut > _FOLD_COLUMNS:
            cut = shown.rfind(" ", 0, _FOLD_COLUMNS) + 1 or _FOLD_COLUMNS
        yield f"  # {shown[:cut].rstrip()}"
        shown = shown[cut:]


def _inert(text: str) -> str:
    """The text in one line, with nothing that YAML refuses in a comment."""
    if len(text) > _REASON_CHARACTERS:
        text = f"{text[:_REASON_CHARACTERS]}…"
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
