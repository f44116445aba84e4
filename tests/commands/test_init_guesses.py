"""Guessed samples: what has a loop has them too, and where none stands it is said."""

import io
from contextlib import redirect_stderr, redirect_stdout

from reviewbot.cli import main
from reviewbot.configuration.reading import read_configuration
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, configuration, review, workflow

REPLY = """\
You answer questions of customers of {{ company }}, briefly.
{% for article in articles %}
## {{ article.title }}
{{ article.body }}
{% endfor %}
Question of {{ customer_name }}: {{ question }}
"""
DATED = "def prompt(self, score, day):\n    return f'''{0} {{score:.2f}} {{day:%d %B}} {{self.max_rows}} {{len(self.rows)}}'''\n"
LONG = "You sort parcels by size and weight, and answer with a number only. " * 2


def run(repository: Repository, *arguments: str) -> str:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        assert main([*arguments, "--repo", str(repository.path)]) == 0, out.getvalue()
    return " ".join(out.getvalue().split())


def variables(repository: Repository, name: str) -> dict[str, object]:
    text = (repository.path / CONFIGURATION).read_text("utf-8")
    found = read_configuration(text, file=CONFIGURATION).workflows[name]
    assert "samples" in found.assumed
    (sample,) = found.samples
    return {**getattr(sample, "variables", {})}


def tokens(repository: Repository, name: str) -> int:
    outcome = review(repository, "--worktree", "--base", "HEAD~1")
    return int(outcome.workflow(name)["after"]["mean_input_tokens"])


def test_a_loop_takes_no_guess_from_the_other_variables(repository: Repository) -> None:
    repository.commit({"a": "b"})
    repository.commit({"prompts/reply.md": REPLY})
    run(repository, "init")
    assert [*variables(repository, "reply")] == ["company", "articles", "customer_name", "question"]
    assert 520 < tokens(repository, "reply") < 580  # five texts of 100 tokens, four names of 5


def test_numbers_and_dates_of_source_code_are_short(repository: Repository) -> None:
    repository.commit({"app/prompts.py": DATED.format(LONG)})
    run(repository, "init")
    found = variables(repository, "prompts")
    assert [*found] == ["score", "day", "self.max_rows", "len(self.rows)"]
    assert "100" not in (repository.path / CONFIGURATION).read_text("utf-8").partition("rows")[2]


def test_what_has_no_sample_is_said_with_a_mend_that_writes_one(repository: Repository) -> None:
    flat = configuration({"reply": workflow("{path: prompts/reply.md, format: jinja}")})
    deep = flat.replace(
        "workflows:\n",
        "workflows:\n  deep:\n    # kept\n    model: gpt-4o\n    prompts: {path: prompts/reply.md, format: jinja}\n"
        "    traffic: [{calls: 1/month, output_tokens: 9}]\n    assumed: [samples]\n",
    )
    repository.commit({CONFIGURATION: deep, "prompts/reply.md": REPLY})
    repository.commit({"prompts/reply.md": f"{REPLY}Be kind.\n"})
    said = " ".join(review(repository, "--base", "HEAD~1", form="terminal").out.split())
    mend = "`reviewbot init --update` writes first samples"
    assert (
        f"guessed: `deep`, `reply` have no samples, so what variables hold counts as nothing; {mend}"
        in said
    )
    said = run(repository, "init", "--update")
    assert "first sample of `deep`: `company`, `articles`, `customer_name`, `question`" in said
    assert [*variables(repository, "deep")] == [*variables(repository, "reply")]
    text = (repository.path / CONFIGURATION).read_text("utf-8")
    assert "    # kept\n" in text
    assert "samples, samples" not in text, "`deep` says itself that they are guesses"
    assert tokens(repository, "reply") > 520
    assert "first sample" not in run(repository, "init", "--update", "--worktree")


def test_first_samples_are_promised_only_where_they_are_looked_for(
    repository: Repository,
) -> None:
    stub = "{functions: {rows: {value: {tokens: 10}}}}"
    flows = {
        "stubbed": workflow("{path: prompts/a.j2, format: jinja}", templates=stub),
        "odd": workflow("{path: prompts/b.j2, format: jinja}"),
    }
    odd = "Say {{ name.upper().split('-')[7] }} here.\n"
    repository.commit(
        {
            CONFIGURATION: configuration(flows),
            "prompts/a.j2": "Say {{ name }}.\n",
            "prompts/b.j2": odd,
        }
    )
    repository.commit({"prompts/a.j2": "Say {{ name }} now.\n", "prompts/b.j2": f"{odd}Now.\n"})
    said = " ".join(review(repository, "--base", "HEAD~1", form="terminal").out.split())
    assert "`stubbed` has no samples, so what variables hold counts as nothing; give them" in said
    assert "`odd` has no samples, so what variables hold counts as nothing; `reviewbot" in said
    told = run(repository, "init", "--update")
    assert "no first sample of `odd` could be guessed: write its `samples` by hand" in told
    assert "stubbed" not in told


def test_a_workflow_that_needs_no_variable_is_told_as_that(repository: Repository) -> None:
    flow = "{path: prompts/reply.md, format: jinja}"
    text = "{% set tone = 'kind' %}Answer in a {{ tone }} way, and keep it short.\n"
    repository.commit(
        {CONFIGURATION: configuration({"w": workflow(flow)}), "prompts/reply.md": text}
    )
    told = run(repository, "init", "--update")
    assert "`w` needs no sample: its prompts ask for no variable" in " ".join(told.split())


def test_the_mend_of_uncommitted_edits_reads_these(repository: Repository) -> None:
    flow = "{path: prompts/reply.md, format: jinja}"
    flat = configuration({"reply": workflow(flow, samples="[{name: a, variables: {company: b}}]")})
    repository.commit({CONFIGURATION: flat, "prompts/reply.md": "Be kind to {{ company }}.\n"})
    repository.write({"prompts/reply.md": "Be kind to {{ company }} and {{ customer }}.\n"})
    for option in ("--worktree", "--staged"):
        repository.git("add", "--all")
        (said,) = review(repository, option).workflow("reply")["problems"]
        assert f"let `reviewbot init --update {option}` add it" in said["mend"]
    run(repository, "init", "--update", "--worktree")
    assert "customer: {tokens: 100}" in (repository.path / CONFIGURATION).read_text("utf-8")


def test_so_does_that_of_a_prompt_that_moves(repository: Repository) -> None:
    source = f'def tell(c):\n    return c.responses.create(model="gpt-4o", instructions="{"Sort them. " * 12}")\n'
    flows = configuration({"tell": workflow("app.py#tell.instructions")})
    repository.commit({CONFIGURATION: flows, "app.py": source})
    repository.write({"app.py": source.replace("def tell", "def say")})
    said = review(repository, "--worktree").workflow("tell")["findings"]
    assert ["`reviewbot init --update --worktree` does" in item["text"] for item in said] == [True]
    assert "moved: " in run(repository, "init", "--update", "--worktree")


def test_samples_that_a_configuration_cannot_hold_are_left_out(repository: Repository) -> None:
    fields = "".join(f"{{{{ d.{'field_' * 11}{n} }}}}" for n in range(10))
    loops = "{% for b in rows %}{% for c in b %}{% for d in c %}", "{% endfor %}" * 3
    long = {f"prompts/long{n}.j2": f"Sort {n}. {loops[0]}{fields}{loops[1]}" for n in range(50)}
    repository.commit({**long, "prompts/short.j2": "Be kind to {{ customer }}.\n"})
    run(repository, "init")
    text = (repository.path / CONFIGURATION).read_text("utf-8")
    assert len(text) < 500_000
    assert "customer: {tokens: 100}" in text
    assert 0 < text.count("# No samples, so what its variables hold is not counted.") < 50
