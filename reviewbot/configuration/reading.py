"""Reads a configuration or a sample file, and reports everything that is wrong with it."""

from collections.abc import Iterable

from reviewbot.configuration.belonging import where_it_belongs
from reviewbot.configuration.kinds import At, RejectedError, Schema, Variables
from reviewbot.configuration.kinds.positions import MisplacedKey, MissingKey, nearest
from reviewbot.configuration.settings import Approval, Configuration
from reviewbot.configuration.shape import APPROVAL, CONFIGURATION
from reviewbot.configuration.shape.samples import SAMPLE_FILE
from reviewbot.documents import MappingNode, Node, Scalar, parse_yaml
from reviewbot.errors import ConfigurationError, MeasurementError, Place, Problem
from reviewbot.prompt import Sample

SCHEMA_URL = "https://raw.githubusercontent.com/acme/reviewbot/main/docs/configuration.schema.json"
"""Where editors find the schema; as in the documentation, acme/reviewbot stands for its home."""


def read_configuration(text: str, *, file: str) -> Configuration:
    """The configuration in `text`, from the file called `file`.

    Raises:
        ConfigurationError: Something is wrong; it carries every problem found.

    """
    problems: list[Problem] = []
    try:
        node = parse_yaml(text, file=file, repeated=problems)
    except MeasurementError as error:
        raise ConfigurationError([*problems, *error.problems]) from error
    if isinstance(node, Scalar) and node.value is None:
        raise ConfigurationError([_empty(file)])
    at = At(file, "", problems, belongs=where_it_belongs)
    try:
        configuration = CONFIGURATION.read(node, at)
    except RejectedError:
        raise ConfigurationError(_by_line(problems)) from None
    if problems:
        raise ConfigurationError(_by_line(problems))
    return configuration


def read_approval(text: str, *, file: str) -> Approval:
    """Who may approve by a configuration that is wrong elsewhere; nobody where that is wrong too.

    A key that stands twice in it, or a text that is no YAML, leaves nobody.
    """
    problems: list[Problem] = []
    try:
        node = parse_yaml(text, file=file)
        part = node.get("approval") if isinstance(node, MappingNode) else None
        approval = Approval() if part is None else APPROVAL.read(part, At(file, "", problems))
    except (MeasurementError, RejectedError):
        return Approval()
    return Approval() if problems else approval


def _empty(file: str) -> Problem:
    mend = "delete it, and let `reviewbot init` write one"
    return Problem(what="the configuration is empty", mend=mend, place=Place(file=file, line=1))


def _by_line(problems: list[Problem]) -> list[Problem]:
    found = [problem for problem in problems if not _stands_above(problem, problems)]
    return sorted(found, key=lambda problem: (problem.place and problem.place.line) or 0)


def _stands_above(problem: Problem, others: Iterable[Problem]) -> bool:
    """Whether a missing key was told already where it stands, or what it lacks stands outside."""
    if not isinstance(problem, MissingKey):
        return False
    missing = _path(problem)
    path, _, key = missing.rpartition(".")
    for it in others:
        if not isinstance(it, MisplacedKey):
            continue
        place, _, name = _path(it).rpartition(".")
        if name == key and path.startswith(f"{place}."):
            return True
        if place == path and it.mend.endswith(f"`{missing}`"):
            return True
    return False


def _path(problem: Problem) -> str:
    return (problem.place.key if problem.place else None) or ""


def read_sample(node: Node, *, file: str, name: str) -> Sample:
    """The sample in a file: plain variables, or a mapping with `name`, `weight`, `variables`.

    Raises:
        MeasurementError: It is neither.

    """
    problems: list[Problem] = []
    at = At(file, "", problems)
    try:
        if isinstance(node, MappingNode) and _is_described(node):
            sample = SAMPLE_FILE.read(node, at)
        else:
            sample = Sample(name=name, variables=Variables().read(node, at))
    except RejectedError:
        raise MeasurementError(problems) from None
    if problems:
        raise MeasurementError(problems)
    return Sample(name=sample.name or name, variables=sample.variables, weight=sample.weight)


def configuration_schema() -> Schema:
    """The JSON Schema of the configuration file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_URL,
        "title": "reviewbot configuration",
    } | CONFIGURATION.schema()


def _is_described(node: MappingNode) -> bool:
    """Whether a file has the keys of a sample, one of them misspelt maybe, and no variables."""
    known = list(SAMPLE_FILE.fields)
    wrong = [entry for entry in node.entries if entry.key not in known]
    keys = {entry.key for entry in node.entries} & {*known}
    if len(wrong) == 1 and keys and wrong[0].key not in _OFTEN_VARIABLES:
        near = nearest(wrong[0].key, set(known) - keys, at_least=_NEAR)
        is_data = near == "variables" and not isinstance(wrong[0].value, MappingNode)
        return near is not None and not is_data and "variables" in {*keys, near}
    return not wrong and "variables" in keys


_OFTEN_VARIABLES = ("variable", "names", "height")
_NEAR = 0.8
"""How alike a misspelt key of a sample has to be, from 0 to 1: others are variables."""
