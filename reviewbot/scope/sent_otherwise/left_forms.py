"""What changed files do not send any more, which new files may: calls that moved there."""

from reviewbot.prompt_formats._common.sent_form import SentForm, SentForms, SentText


class LeftForms:
    """Collects what files sent before a change, and do not since."""

    def __init__(self) -> None:
        self._forms: list[SentForm] = []
        self._texts: list[SentText] = []

    def add(self, was: SentForms, now: SentForms) -> None:
        """What one file sent and sends."""
        standing = {(item.steps, item.key, item.form) for item in now.forms}
        self._forms += [
            item for item in was.forms if (item.steps, item.key, item.form) not in standing
        ]
        texts = {_sent(item) for item in now.texts}
        self._texts += [item for item in was.texts if _sent(item) not in texts]

    def known_by(self, now: SentForms) -> SentForms:
        """What has left other files of the names that a new file sends."""
        names = {item.steps for item in now.forms} | {item.steps for item in now.texts}
        return SentForms(
            forms=tuple(item for item in self._forms if item.steps in names),
            texts=tuple(item for item in self._texts if item.steps in names),
        )


def _sent(item: SentText) -> object:
    return item.steps, item.beside, item.characters, item.is_own, item.module
