"""Prompt files that are one message."""

from reviewbot.prompt import MessageTemplate, PromptFile, PromptText


def one_message(
    file: PromptText, *, engine: str | None = None, text: str | None = None
) -> PromptFile:
    """The file as a message; its role is `user` unless the configuration gives another.

    `engine` is its template language, None where it is sent as it stands. `text` takes the place of
    the file's own where that is given.
    """
    message = MessageTemplate(
        role=file.role or "user",
        text=file.text if text is None else text,
        engine=engine,
        line=file.line,
    )
    return PromptFile(messages=(message,))
