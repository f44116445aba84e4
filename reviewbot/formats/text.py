"""Plain text and Markdown: one message, sent as it stands."""

from reviewbot.prompts import NO_REFERENCES, MessageTemplate, PromptFile, References

NAME = "text"

_SUFFIXES = (".txt", ".md", ".markdown", ".prompt")


def recognizes(path: str) -> bool:
    """By its suffix."""
    return path.lower().endswith(_SUFFIXES)


def read(text: str, *, path: str, role: str | None) -> PromptFile:
    """The whole file is the message; the role is `user` unless the configuration gives another."""
    del path
    return PromptFile(messages=(MessageTemplate(role=role or "user", text=text),))


def references(text: str) -> References:
    """Plain text includes nothing."""
    del text
    return NO_REFERENCES
