"""The words for prompts in source code that no workflow covers."""

from reviewbot.outputs.wording import usd
from reviewbot.report import Report
from reviewbot.scope.not_covered import NewPrompt, Uncovered


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
    return f"{new_prompt_name(item)}: {new_prompt_size(item)}"


def new_prompt_name(item: NewPrompt) -> str:
    """The name and the lines of a prompt that no workflow covers."""
    lines = (
        f"line {item.line}"
        if item.line == item.last_line
        else f"lines {item.line}\u2013{item.last_line}"
    )
    return f"{item.path}#{item.selector} ({lines})"


def new_prompt_size(item: NewPrompt) -> str:
    """The tokens of a prompt that no workflow covers, how they grew, and what they cost."""
    before = "new" if item.tokens_before is None else f"{item.tokens_before:,} before"
    return f"{_tokens(item.tokens)}, {before}, {_cost(item)}"


def _tokens(count: int) -> str:
    return "1 token" if count == 1 else f"{count:,} tokens"


def uncovered_file_text(item: Uncovered) -> str:
    """A file that no workflow covers; one that a change brings with its tokens and their cost."""
    return item.path if item.tokens is None else f"{item.path}: {uncovered_file_size(item)}"


def uncovered_file_size(item: Uncovered) -> str:
    """The tokens of a new or longer file, and what they cost."""
    return f"{_tokens(item.tokens or 0)}, {_cost(item)}"


def _cost(item: NewPrompt | Uncovered) -> str:
    if item.usd_per_1000_calls is None or item.model is None:
        why = f"no price of {item.model}" if item.model else "no model is named"
        return f"cost unknown: {why}"
    return f"{usd(item.usd_per_1000_calls)} for this text per 1,000 calls of {item.model}"
