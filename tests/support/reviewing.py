"""Reviews of real repositories, run through the command line in this process."""

import io
import json
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reviewbot.cli import main
from tests.support.repository import Repository

CONFIGURATION = ".github/reviewbot.yml"
PROMPT = "prompts/system.txt"
TRAFFIC = "[{calls: 1000/month, output_tokens: 100}]"


@dataclass(frozen=True)
class Outcome:
    """What a run printed, and how it ended."""

    code: int
    out: str
    errors: str

    @property
    def report(self) -> Any:
        return json.loads(self.out)

    def workflow(self, name: str = "w") -> Any:
        (found,) = [item for item in self.report["workflows"] if item["name"] == name]
        return found

    def rules(self, name: str = "w") -> dict[str, str]:
        return {item["rule"]: item["verdict"] for item in self.workflow(name)["findings"]}

    def all_findings(self) -> list[Any]:
        """What is found of the change and of each workflow."""
        own = [item["findings"] for item in self.report["workflows"]]
        return [*self.report["findings"], *(finding for found in own for finding in found)]

    def usd(self, state: str, name: str = "w") -> Decimal:
        return Decimal(self.workflow(name)[state]["usd_per_month"])

    def causes(self, name: str = "w") -> dict[str, Decimal]:
        return {
            item["name"]: Decimal(item["usd_per_month"]) for item in self.workflow(name)["causes"]
        }


def tokens(count: int) -> str:
    """A text of `count` tokens, in every encoding that is shipped."""
    return " ".join(["token"] * count)


def workflow(
    prompts: str = PROMPT, *, traffic: str = TRAFFIC, model: str = "openai/gpt-4o", **more: str
) -> str:
    """A workflow's settings in YAML's flow style; `more` are further keys."""
    keys = {"prompts": prompts, "model": model, "traffic": traffic} | more
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items() if value) + "}"


def configuration(workflows: Mapping[str, str] | None = None, **more: str) -> str:
    """A configuration; `more` are further keys of its top level."""
    lines = (
        ["version: 1", "prices: {as_of: 2026-11-01}"] if "prices" not in more else ["version: 1"]
    )
    lines += [f"{key}: {value}" for key, value in more.items()]
    lines += ["workflows:", *(f"  {name}: {text}" for name, text in (workflows or {}).items())]
    return "\n".join(lines) + "\n"


def review(repository: Repository, *arguments: str, form: str = "json") -> Outcome:
    """Run `reviewbot check` there."""
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main(["check", "--repo", str(repository.path), "--format", form, *arguments])
    return Outcome(code=int(code), out=out.getvalue(), errors=errors.getvalue())


def change(
    repository: Repository,
    before: Mapping[str, str | bytes | None],
    after: Mapping[str, str | bytes | None],
    *arguments: str,
    form: str = "json",
) -> Outcome:
    """Commit `before` on main and `after` on a branch, and review the branch."""
    repository.commit(before)
    repository.branch("work")
    repository.commit(after)
    return review(repository, *arguments, form=form)
