"""Makes the repositories that are measured: prompts, samples, a configuration, and two commits."""

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

PROMPTS_PER_WORKFLOW = 5
SAMPLES = ("typical", "long", "worst")
_WORDS = Path(__file__).with_name("words.txt").read_text().split()


def repository(folder: Path, prompts: int, *, governed: bool = False) -> None:
    """A repository with `prompts` Jinja2 prompts, each changed on the branch `work`.

    Where `governed`, each is a workflow of its own with 40 streams, and there are 10 budgets.
    """
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet", "--initial-branch", "main")
    _write(folder, "base", prompts, governed=governed)
    _commit(folder)
    _git(folder, "switch", "--quiet", "--create", "work")
    _write(folder, "head", prompts, governed=governed)
    _commit(folder)


def ordinary(folder: Path) -> None:
    """Three workflows of a prompt of 2 KB each, one of which gains a sentence on `work`."""
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet", "--initial-branch", "main")
    configuration = folder / ".github" / "reviewbot.yml"
    lines = ["version: 1", "prices: {as_of: 2026-11-01}", "workflows:"]
    for number in range(3):
        text = "".join(f"{_sentence(random.Random(f'{number} {n}'))}\n" for n in range(14))
        prompt = folder / "prompts" / f"p{number}.j2"
        prompt.parent.mkdir(exist_ok=True)
        prompt.write_text(f"You help {{{{ company }}}}.\n{text}")
        sample = "[{name: typical, variables: {company: Acme}}]"
        traffic = "[{calls: 1_000/month, output_tokens: 200}]"
        lines.append(
            f"  w{number}: {{model: openai/gpt-4.1, prompts: prompts/p{number}.j2, "
            f"samples: {sample}, traffic: {traffic}}}"
        )
    configuration.parent.mkdir()
    configuration.write_text("\n".join(lines) + "\n")
    _commit(folder)
    _git(folder, "switch", "--quiet", "--create", "work")
    with (folder / "prompts" / "p0.j2").open("a") as prompt_file:
        prompt_file.write("Answer in one paragraph.\n")
    _commit(folder)


def one_of_many(folder: Path, workflows: int) -> None:
    """Workflows of a prompt each under one budget; one prompt changes on `work`, another later."""
    _start(folder)
    lines = [
        "budgets:",
        "  - {name: all, match: {}, monthly_cost: {hard: $9_000_000}}",
        "workflows:",
    ]
    for number in range(workflows):
        _put(folder, _path(number), template(number, "base"))
        lines.append(_sampled(number, _path(number)))
    _settings(folder, lines)
    _commit(folder)
    _git(folder, "switch", "--quiet", "--create", "work")
    _put(folder, _path(0), template(0, "head"))
    _commit(folder)
    _git(folder, "switch", "--quiet", "--create", "later", "main")
    _put(folder, _path(1), template(1, "head"))
    _commit(folder)
    _git(folder, "switch", "--quiet", "work")


def shared_partial(folder: Path, prompts: int) -> None:
    """Workflows whose prompts all include one file, which changes on `work`."""
    _start(folder)
    lines = ["workflows:"]
    for number in range(prompts):
        path = f"prompts/{number:05}.j2"
        own = _sentence(random.Random(number))
        _put(folder, path, f"{{% include 'rules.j2' %}}\n{own}\n{{{{ company }}}}\n")
        lines.append(_sampled(number, path))
    _settings(folder, lines)
    for revision in ("base", "head"):
        _put(folder, "prompts/rules.j2", template(1, revision))
        _commit(folder)
        if revision == "base":
            _git(folder, "switch", "--quiet", "--create", "work")


def many_parts(folder: Path, parts: int) -> None:
    """A workflow whose one prompt includes so many files, all of which change on `work`."""
    _start(folder)
    paths = [f"parts/{number:03}.j2" for number in range(parts)]
    _put(folder, "prompts/all.j2", "".join(f"{{% include '{path}' %}}\n" for path in paths))
    _settings(folder, ["workflows:", _sampled(0, "prompts/all.j2")])
    for revision in ("base", "head"):
        for path in paths:
            said = _sentence(random.Random(path)) + revision * (revision == "head")
            _put(folder, f"prompts/{path}", f"{said} {{{{ company }}}}\n")
        _commit(folder)
        if revision == "base":
            _git(folder, "switch", "--quiet", "--create", "work")


def many_files(folder: Path, files: int) -> None:
    """Three workflows among so many other files; a change on `unrelated` concerns none."""
    ordinary(folder)
    _git(folder, "switch", "--quiet", "main")
    for number in range(files):
        _put(folder, f"src/{number // 1_000:03}/{number:06}.py", f"x = {number}\n")
    _commit(folder)
    unrelated_change(folder)


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


def _write(folder: Path, revision: str, prompts: int, *, governed: bool) -> None:
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
    lines = _governed(prompts) if governed else _configuration(prompts)
    configuration.write_text("\n".join(lines) + "\n")


def _start(folder: Path) -> None:
    import json

    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet", "--initial-branch", "main")
    for name in SAMPLES:
        _put(folder, f"samples/{name}.json", json.dumps(sample(name)))


def _put(folder: Path, path: str, text: str) -> None:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


def _settings(folder: Path, lines: list[str]) -> None:
    text = "\n".join(["version: 1", "prices: {as_of: 2026-11-01}", *lines])
    _put(folder, ".github/reviewbot.yml", f"{text}\n")


def _sampled(number: int, path: str) -> str:
    traffic = "[{calls: 10_000/month, output_tokens: 200}]"
    samples = "samples: 'samples/*.json'"
    return f"  w{number}: {{model: openai/gpt-4.1, prompts: {path}, {samples}, traffic: {traffic}}}"


def _path(number: int) -> str:
    return f"prompts/{number // 100:03}/{number:05}.j2"


def _governed(prompts: int) -> Iterator[str]:
    yield "version: 1"
    yield "prices: {as_of: 2026-11-01}"
    yield "tiers: {premium: [openai/gpt-4.1], economy: [openai/gpt-4.1-mini]}"
    yield "budgets:"
    for number in range(10):
        match = f"{{tenant: tenant-{number}, environment: prod}}" if number else "{}"
        yield f"  - {{name: b{number}, match: {match}, monthly_cost: {{hard: $9_000_000}}}}"
    yield "defaults:"
    yield "  traffic:"
    for stream in range(40):
        environment = ("prod", "dev")[stream % 2]
        calls = f"calls: {1_000 + stream}/month, growth: {stream % 3}%/month"
        tenant = f"tenant: tenant-{stream // 2}, environment: {environment}"
        yield f"    - {{{tenant}, {calls}, output_tokens: 200}}"
    yield "workflows:"
    for number in range(prompts):
        yield f"  workflow-{number:05}:"
        yield "    model: openai/gpt-4.1"
        yield f"    prompts: {_path(number)}"
        yield f"    feature: feature-{number % 7}"
        yield "    samples: samples/*.json"


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
