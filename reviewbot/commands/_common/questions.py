"""What `init` asks a person at a terminal; options answer without a question."""

import argparse
import re
from collections.abc import Callable

from msgspec.structs import replace

from reviewbot.commands import Edges
from reviewbot.commands._common.told import tell
from reviewbot.configuration.kinds import At, Kind, RejectedError
from reviewbot.configuration.settings import Guess
from reviewbot.configuration.shape import scalars
from reviewbot.discovery.basis import Basis
from reviewbot.documents import Scalar
from reviewbot.errors import Problem, UsageError
from reviewbot.evaluation.unknown_models import misspelt_model, own_model

OPTIONS = ("--model", "--calls", "--output-tokens", "--approver")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the answers that need no question."""
    parser.add_argument("--model", help="the model of prompts whose files name none")
    parser.add_argument(
        "--calls",
        metavar="N/PERIOD",
        help="calls of each workflow, 900/day; a number alone is that of a month",
    )
    parser.add_argument("--output-tokens", metavar="N", help="tokens of an answer")
    parser.add_argument(
        "--approver",
        action="append",
        metavar="LOGIN",
        help='who may approve, a login or "@org/team"; may be given several times',
    )
    parser.add_argument("--no-input", action="store_true", help="ask nothing, also at a terminal")


def answered(
    chosen: argparse.Namespace, edges: Edges, basis: Basis, *, is_named: bool = False
) -> Basis:
    """The basis with what options and answers say; each answer takes a guess away.

    A model is asked for only where it is assumed, and code names none that may be meant.

    Raises:
        UsageError: The value of an option cannot stand in a configuration, or is no model's name.

    """
    ask = None if chosen.no_input else edges.ask
    model = _value(chosen.model, "--model", scalars.MODEL)
    if chosen.model and (misspelt := misspelt_model(chosen.model, edges.today)):
        raise UsageError([replace(misspelt, what=f"--model: {misspelt.what}")])
    calls = _value(_in_a_month(chosen.calls or "") or None, "--calls", scalars.CALLS)
    answers = _value(chosen.output_tokens, "--output-tokens", scalars.TOKENS)
    approvers = [_value(item, "--approver", scalars.APPROVER) for item in chosen.approver or ()]
    if ask is not None:
        asking = _Asking(ask, edges)
        if Guess.MODEL in basis.assumed and not is_named:
            model = model or asking.one(
                f"Which model do prompts call that name none? [{basis.model}] ", scalars.MODEL
            )
        calls = calls or asking.one(
            f"How often is each called a month, or 900/day? [{basis.calls}, a guess] ",
            scalars.CALLS,
            _in_a_month,
        )
        answers = answers or asking.one(
            f"How many tokens has an answer? [{basis.output_tokens}, a guess] ", scalars.TOKENS
        )
        if not approvers:
            default = ", ".join(basis.approvers) or "nobody yet"
            said = asking.one(
                f"Who may approve a change that costs too much? A login or @org/team [{default}] ",
                scalars.APPROVER,
            )
            approvers = [said] if said else []
    assumed = [Guess.MODEL] if model is None and Guess.MODEL in basis.assumed else []
    assumed += [Guess.TRAFFIC] if calls is None or answers is None else []
    return replace(
        basis,
        model=model or basis.model,
        calls=calls or basis.calls,
        output_tokens=answers or basis.output_tokens,
        approvers=tuple(item for item in approvers if item) or basis.approvers,
        owners_file=None if approvers else basis.owners_file,
        assumed=tuple(assumed),
    )


class _Asking:
    """Asks until an answer can stand in a configuration; an empty one leaves the default."""

    def __init__(self, ask: Callable[[str], str], edges: Edges) -> None:
        self._ask = ask
        self._edges = edges

    def one(
        self, question: str, kind: Kind[object], meant: Callable[[str], str] = lambda said: said
    ) -> str | None:
        """What is answered; a model that nobody sells under such a name is to be said twice."""
        before = None
        while said := meant(self._ask(question).strip()):
            problem = _problem(said, kind)
            if problem is None and kind is scalars.MODEL:
                problem = misspelt_model(said, self._edges.today)
                if problem is None and said != before:
                    problem = own_model(said, self._edges.today)
            if problem is None:
                return said
            before = said
            tell(f"{problem.what}; {problem.mend}", self._edges.errors)
        return None


def _in_a_month(said: str) -> str:
    """What is said of calls; a number alone is that of a month."""
    return f"{said}/month" if _NUMBER.fullmatch(said) else said


_NUMBER = re.compile(r"[\d_]{1,20}")


def _value(said: str | None, option: str, kind: Kind[object]) -> str | None:
    problem = None if said is None else _problem(said, kind)
    if problem is not None:
        raise UsageError([replace(problem, what=f"{option}: {problem.what}", place=None)])
    return said


def _problem(said: str, kind: Kind[object]) -> Problem | None:
    problems: list[Problem] = []
    try:
        kind.read(Scalar(line=1, value=said, text=said), At("", "", problems))
    except RejectedError:
        return problems[0]
    return problems[0] if problems else None
