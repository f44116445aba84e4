"""The prompts in source code that workflows name or send."""

from collections.abc import Iterable, Mapping

from reviewbot.configuration.settings import Workflow
from reviewbot.prompt_formats._common.call_site import CallSite
from reviewbot.prompts.said_text import said
from reviewbot.scope.affected import Side


class SentPrompts:
    """What workflows send, of which `sides` are what was read.

    A text that is a part of what they send is covered, and so is all that a workflow names, or that
    is `ignored`: a file and a selector each.
    """

    def __init__(
        self,
        workflows: Iterable[Workflow],
        sides: Iterable[Side | None],
        ignored: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._named = _named(workflows, ignored)
        self._texts = _texts(sides)

    def have(self, path: str, selector: str, text: str) -> bool:
        """Whether a text of a file is among them."""
        steps = selector.split(".")
        above = {".".join(steps[:count]) for count in range(1, len(steps) + 1)}
        return bool(above & self._named.get(path, frozenset())) or (
            bool(text.strip()) and text.strip() in self._texts.get(path, "")
        )

    def cover(self, path: str, call: CallSite) -> bool:
        """Whether all that a call of a file is given is among them."""
        if call.whole is not None and self.have(path, *call.whole):
            return True
        return bool(call.parts) and all(self.have(path, *part) for part in call.parts)


def _named(
    workflows: Iterable[Workflow], ignored: Iterable[tuple[str, str]]
) -> Mapping[str, frozenset[str]]:
    """The selectors that workflows name, or that are ignored, by path."""
    found: dict[str, set[str]] = {}
    for path, selector in ignored:
        found.setdefault(path, set()).add(selector)
    for workflow in workflows:
        for reference in workflow.prompts:
            if reference.selector is not None:
                found.setdefault(reference.path, set()).add(reference.selector)
    return {path: frozenset(names) for path, names in found.items()}


def _texts(sides: Iterable[Side | None]) -> Mapping[str, str]:
    """All texts that workflows send, by each file that they are made of; those of one together."""
    found: dict[str, str] = {}
    for side in filter(None, sides):
        texts: dict[str, str] = {}
        for message in side.source.messages:
            text = said(message.template)
            for path in {message.path, *message.files}:
                texts[path] = texts.get(path, "") + text
        for path, text in texts.items():
            found[path] = f"{found.get(path, '')}\0{text}"
    return found
