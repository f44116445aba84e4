"""Reading what single files send, of names that workflows have."""

from collections.abc import Iterable, Sequence

from reviewbot import prompt_formats
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import PromptText, Surroundings
from reviewbot.prompt_formats._common.sent_form import Functions, SentForms
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.scope.sent_otherwise.answering_functions import AnsweringFunctions, Texts
from reviewbot.scope.sent_otherwise.definitions import functions_in
from reviewbot.scope.sent_otherwise.selected_names import Naming


class FileReading:
    """Asks a parser for what the texts of files send; `problem` is why the last one is unread.

    `texts` are those of a file at a path, after a change and before it.
    """

    def __init__(self, parser: LimitedParser, naming: Naming, texts: Texts) -> None:
        self._parser = parser
        self._surroundings = Surroundings(load=lambda *_: None, parse=parser.parse)
        self._naming = naming
        self._answering = AnsweringFunctions(naming.names, texts, self._read_alone)
        self.problem: Problem | None = None

    def names_in(self, path: str, texts: Iterable[bytes]) -> list[str]:
        """The names in a file, of these texts, that may be those of prompts of workflows."""
        return self._naming.found(path, texts)

    @property
    def is_used_up(self) -> bool:
        """Whether a text may have been left unread for want of time."""
        return self._parser.is_used_up or self._parser.allowance.is_used_up

    def __call__(
        self, path: str, text: str, names: Sequence[str], functions: Functions
    ) -> SentForms | None:
        """What a text sends; None where it cannot be read."""
        return self._read(path, text, names, (*functions, *self._answering.among(names)))

    def _read_alone(self, path: str, text: str) -> SentForms | None:
        """What a text sends of its own prompts, whatever else it names."""
        return self._read(path, text, self.names_in(path, [text.encode()]), ())

    def _read(
        self, path: str, text: str, names: Sequence[str], functions: Functions
    ) -> SentForms | None:
        chosen = prompt_formats.by_name(prompt_formats.of_source(path) or "")
        file = PromptText(path=path, text=text, surroundings=self._surroundings)
        selected = self._naming.names.get(path, ())
        functions_here = frozenset(functions_in(text))
        own = sorted(".".join(steps) for steps in selected if len(steps) > 1)
        own += sorted(
            f"{one[0]}." for one in selected if len(one) == 1 and one[0] in functions_here
        )
        try:
            return prompt_formats.sent_forms(chosen, file, [*names, *own], functions)
        except MeasurementError as error:
            self.problem = error.problems[0]
            return None
