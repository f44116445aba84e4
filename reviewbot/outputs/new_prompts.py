"""The words for prompts in source code that no workflow covers."""

from reviewbot.scope.affected import NewPrompt


def new_prompt_text(item: NewPrompt) -> str:
    """A prompt that no workflow covers: its name, its lines, its tokens and how these grew."""
    lines = (
        f"line {item.line}"
        if item.line == item.last_line
        else f"lines {item.line}\u2013{item.last_line}"
    )
    return f"{item.path}#{item.selector} ({lines}): {new_prompt_size(item)}"


def new_prompt_size(item: NewPrompt) -> str:
    """The tokens of a prompt that no workflow covers, and how they grew."""
    before = "new" if item.tokens_before is None else f"{item.tokens_before:,} before"
    return f"{item.tokens:,} tokens, {before}"
