"""What is not committed yet is said to be, with the way to have it read."""

import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from reviewbot.cli import main
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome

SAID = f"{CONFIGURATION} is not committed yet: commit it, or add `--worktree`"
NAMED = (
    "def ask(client, mail):\n    return client.chat.completions.create(model='gpt-4o', "
    "messages=[{'role': 'system', 'content': 'You sort parcels by size and weight, and answer with "
    "the number of the shelf only. Where you do not know it, you say so.'}])\n"
)


def run(repository: Repository, *arguments: str) -> Outcome:
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main([*arguments, "--repo", str(repository.path)])
    return Outcome(code=int(code), out=out.getvalue(), errors=errors.getvalue())


@pytest.fixture
def begun(repository: Repository) -> Repository:
    """A repository right after `reviewbot init`."""
    repository.commit({"prompts/a.md": "Sort the mail."})
    outcome = run(repository, "init")
    assert (outcome.code, "not searched" in outcome.out) == (0, False)
    return repository


def test_check_and_cost_say_that_the_file_is_not_committed(begun: Repository) -> None:
    begun.git("branch", "--force", "before")
    checked = " ".join(run(begun, "check", "--base", "before").out.split())
    assert (SAID in checked, "there is no" in checked) == (True, False)
    costs = " ".join(run(begun, "cost").out.split())
    assert (SAID in costs, "reviewbot init" in costs) == (True, False)
    begun.git("add", "--all")
    begun.commit({})
    assert "not committed" not in run(begun, "check", "--base", "before").out


def test_other_revisions_are_no_reason_to_commit(begun: Repository) -> None:
    assert "`reviewbot init` writes" in " ".join(run(begun, "cost", "--head", "main").out.split())
    assert "not committed" not in run(begun, "cost", "--worktree").out


def test_explain_says_so_of_a_name_that_may_be_uncommitted(begun: Repository) -> None:
    begun.git("add", "--all")
    begun.commit({"prompts/late.md": "Sort the parcels."})
    assert run(begun, "init", "--update").code == 0
    outcome = run(begun, "explain", "late")
    assert outcome.code == 2
    assert (
        f"{CONFIGURATION} has uncommitted edits: commit them, or add `--worktree`" in outcome.errors
    )
    assert run(begun, "explain", "late", "--worktree").code == 0
    begun.git("checkout", "--", CONFIGURATION)
    assert "uncommitted" not in run(begun, "explain", "later").errors


def test_init_says_that_uncommitted_files_are_not_searched(begun: Repository) -> None:
    begun.git("add", "--all")
    begun.commit({})
    (begun.path / "prompts/late.md").write_text("Sort the parcels.", "utf-8")
    for update in (["--update"], ["--force"]):
        outcome = run(begun, "init", *update)
        assert "1 uncommitted file was not searched: commit, or add `--worktree`" in outcome.out
    outcome = run(begun, "init", "--update", "--worktree")
    assert "added: late" in outcome.out
    assert "not searched" not in outcome.out


def test_where_all_prompts_are_uncommitted_init_says_so(repository: Repository) -> None:
    repository.commit({"README.md": "x"})
    (repository.path / "prompts").mkdir()
    for name in ("a.md", "b.md"):
        (repository.path / "prompts" / name).write_text("Sort the parcels.", "utf-8")
    outcome = run(repository, "init")
    assert outcome.code == 2
    assert "2 uncommitted files were not searched: commit, or add `--worktree`" in outcome.errors
    assert run(repository, "init", "--worktree").code == 0


def test_new_prompts_that_git_does_not_track_are_named(repository: Repository) -> None:
    repository.commit({"README.md": "x"})
    (repository.path / "prompts").mkdir()
    for name in ("prompts/a.md", "notes.csv"):
        (repository.path / name).write_text("Sort the parcels.", "utf-8")
    said = "git does not track prompts/a.md: add --worktree to have it reviewed too"
    assert said in run(repository, "check").errors
    assert "does not track" not in run(repository, "check", "--worktree").errors


def test_a_model_that_every_call_names_is_no_guess(repository: Repository) -> None:
    repository.commit({"README.md": "x"})
    repository.branch("work")
    repository.commit({"app/ask.py": NAMED})
    checked = " ".join(run(repository, "check").out.split())
    assert "model of" not in checked
    assert "`assumed`" not in checked
    said = " ".join(run(repository, "init").out.split())
    assert "guessed: traffic;" in said
    assert "  assumed: [traffic]\n" in (repository.path / CONFIGURATION).read_text("utf-8")


def test_an_update_leaves_a_call_its_own_model(repository: Repository) -> None:
    repository.commit({CONFIGURATION: "version: 1\nworkflows: {}\n", "app/ask.py": NAMED})
    assert run(repository, "init", "--update").code == 0
    text = (repository.path / CONFIGURATION).read_text("utf-8")
    assert "    assumed: [traffic]\n" in text
    assert "    model:" not in text


def test_figures_without_the_edits_beside_say_so(begun: Repository) -> None:
    begun.git("add", "--all")
    begun.commit({})
    for arguments in (["cost"], ["explain", "a"], ["history"]):
        assert "uncommitted" not in run(begun, *arguments).errors
    file = begun.path / CONFIGURATION
    file.write_text(file.read_text("utf-8").replace("calls: 1_000/", "calls: 9_000/"), "utf-8")
    said = "reviewbot: uncommitted changes are not measured: "
    for arguments in (["cost"], ["explain", "a"]):
        assert run(begun, *arguments).errors == f"{said}add --worktree\n"
        for others in (["--worktree"], ["--head", "main"]):
            assert "uncommitted" not in run(begun, *arguments, *others).errors
    mend = "commit them; `reviewbot cost --worktree` measures them before"
    assert run(begun, "history").errors == f"{said}{mend}\n"
    for others in (["--tags"], ["--head", "main"]):
        assert "uncommitted" not in run(begun, "history", *others).errors


def test_costs_name_prompts_that_git_does_not_track(begun: Repository) -> None:
    begun.git("add", "--all")
    begun.commit({})
    begun.write({"prompts/b.md": "Sort the parcels."})
    said = "git does not track prompts/b.md: add --worktree to have it measured too"
    assert said in run(begun, "cost").errors


@pytest.mark.parametrize(
    ("arguments", "done"),
    [(["check"], "reviewed"), (["cost"], "measured"), (["explain", "a"], "measured")],
)
def test_an_error_of_what_is_committed_says_that_its_mend_is_not(
    begun: Repository, arguments: list[str], done: str
) -> None:
    right = (begun.path / CONFIGURATION).read_text("utf-8")
    begun.commit({CONFIGURATION: right.replace("traffic:", "trafic:")})
    said = f"uncommitted changes are not {done}: add --worktree"
    assert said not in run(begun, *arguments).errors
    begun.write({CONFIGURATION: right})
    outcome = run(begun, *arguments)
    assert (outcome.code, said in outcome.errors) == (2, True), outcome.errors


@pytest.mark.parametrize("head", [[], ["--worktree"], ["--staged"]])
@pytest.mark.parametrize("command", [["check", "--base", "before"], ["cost"], ["explain", "a"]])
def test_a_configuration_that_git_ignores_is_not_passed_over(
    begun: Repository, command: list[str], head: list[str]
) -> None:
    begun.git("branch", "--force", "before")
    begun.write({".git/info/exclude": f"# of mine\n/{CONFIGURATION}\n"})
    begun.write({"prompts/a.md": "Sort the mail of today."})
    begun.git("commit", "--quiet", "--all", "--message", "longer")
    outcome = run(begun, *command, *head)
    said = (
        f"{CONFIGURATION}: the file is there, but git ignores it, so it is not read: "
        f".git/info/exclude:2 (`/{CONFIGURATION}`) keeps git from adding it; take that line out, "
        "or `git add --force` the files, and commit them\n"
    )
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.errors == f"reviewbot: {said}"
    begun.git("add", "--force", CONFIGURATION)
    begun.git("commit", "--quiet", "--message", "with it")
    assert run(begun, *command, *head).code == 0


@pytest.mark.parametrize("command", ["baseline", "drift", "cost --config x.yml"])
def test_a_named_configuration_that_git_ignores_is_told_as_that(
    begun: Repository, command: str
) -> None:
    begun.write({"x.yml": (begun.path / CONFIGURATION).read_text("utf-8")})
    begun.write({".gitignore": "*.yml\n!a.yml\n"})
    outcome = run(begun, *command.split())
    assert (outcome.code, ".gitignore:1 (`*.yml`) keeps git" in outcome.errors) == (2, True)
