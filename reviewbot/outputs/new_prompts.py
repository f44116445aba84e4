"""The words for prompts in source code that no workflow covers."""

from reviewbot.report import Report
from reviewbot.scope.affected import NewPrompt


def unseen_prompts(report: Report) -> str | None:
    """How many prompts a change brings or makes longer in no workflow; None for none."""
    files = sum(item.changed and item.grown for item in report.unowned)
    count = len(report.new_prompts) + files
    if not count:
        return None
    is_new = not files and all(item.tokens_before is None for item in report.new_prompts)
    kind = "new" if is_new else "new or longer"
    return f"{count:,} {kind} prompt{' is' if count == 1 else 's are'} in no workflow"


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
