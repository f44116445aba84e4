"""Makes the repositories that are measured: prompts, samples, a configuration, and two commits."""

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

PROMPTS_PER_WORKFLOW = 5
SAMPLES = ("typical", "long", "worst")
_WORDS = Path(__file__).with_name("words.txt").read_text().split()


def repository(folder: Path, prompts: int) -> None:
    """A repository with `prompts` Jinja2 prompts, each changed on the branch `work`."""
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet", "--initial-branch", "main")
    _write(folder, "base", prompts)
    _commit(folder)
    _git(folder, "switch", "--quiet", "--create", "work")
    _write(folder, "head", prompts)
    _commit(folder)


def unrelated_change(folder: Path) -> None:
    """A further commit on `work`, branched from `main`, that concerns no prompt."""
    _git(folder, "switch", "--quiet", "--create", "unrelated", "main")
    (folder / "program.py").write_text("print('hello')\n")
    _commit(folder)


def template(number: int, revision: str) -> str:
    """A prompt of about 3,000 characters with tags as real ones have; `revision` varies its end."""
    chance = random.Random(f"{number}")
    lines = [f"You are assistant {number} of {{{{ company }}}}.", ""]
    lines += [_sentence(chance) for _ in range(12)]
    lines += ["{% for item in items %}", "- {{ item.name }}: {{ item.text }}", "{% endfor %}"]
    lines += [_sentence(chance) for _ in range(6)]
    lines += [
        "{% if strict %}" + _sentence(chance) + "{% else %}" + _sentence(chance) + "{% endif %}"
    ]
    lines += [_sentence(random.Random(f"{number} {revision}"))]
    return "\n".join(lines) + "\n"


def sample(name: str) -> dict[str, object]:
    """The variables of a sample."""
    chance = random.Random(name)
    items = [
        {"name": chance.choice(_WORDS), "text": _sentence(chance)}
        for _ in range(2 + 3 * SAMPLES.index(name))
    ]
    return {"company": "Acme", "items": items, "strict": name == "worst"}


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=20)).capitalize() + "."


def _write(folder: Path, revision: str, prompts: int) -> None:
    import json

    for name in SAMPLES:
        path = folder / "samples" / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(sample(name)))
    for number in range(prompts):
        path = folder / _path(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template(number, revision))
    configuration = folder / ".github" / "reviewbot.yml"
    configuration.parent.mkdir(exist_ok=True)
    configuration.write_text("\n".join(_configuration(prompts)) + "\n")


def _path(number: int) -> str:
    return f"prompts/{number // 100:03}/{number:05}.j2"


def _configuration(prompts: int) -> Iterator[str]:
    yield "version: 1"
    yield "prices: {as_of: 2026-11-01}"
    yield "workflows:"
    for start in range(0, prompts, PROMPTS_PER_WORKFLOW):
        paths = ", ".join(_path(number) for number in range(start, start + PROMPTS_PER_WORKFLOW))
        yield f"  workflow-{start:05}:"
        yield "    model: openai/gpt-4.1"
        yield f"    prompts: [{paths}]"
        yield "    samples: samples/*.json"
        yield "    traffic: [{calls: 10_000/month, output_tokens: 200}]"
        yield "    envelope: {increase: {hard: 50%}}"


def _commit(folder: Path) -> None:
    _git(folder, "add", "--all")
    _git(folder, "-c", "user.name=b", "-c", "user.email=b@example.invalid", "commit", "-qm", "x")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True)
