"""Shortcuts for ordinary reviews: nothing heavy is loaded, and every report is the same without."""

import subprocess
import sys
from functools import partial

import pytest

from reviewbot.costs import catalogue_rates
from reviewbot.costs.installed_catalogue import converted_catalogue
from reviewbot.measurement import processes, wanted_texts
from reviewbot.measurement.renderer import Renderer
from reviewbot.prompts.includes import TextReader
from reviewbot.prompts.shared_sources import SharedSources
from reviewbot.rendering import pool
from reviewbot.rendering.resource_limits import Limits
from reviewbot.tokens import Counter, vocabularies
from tests.support.costly_shapes import explained_samples
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, workflow

HEAVY = ("tiktoken", "genai_prices", "pydantic", "jinja2", "rich", "importlib.metadata")
PLAIN = "You help {{ company }} — “kindly” in 3 of 1,200 cases.\n"
FILES = {
    CONFIGURATION: configuration(
        {
            "a": workflow("a.j2", envelope="{increase: {hard: 1%}}"),
            "b": workflow("b.txt", model="openai/gpt-4"),
            "c": workflow("c.txt", model="anthropic/claude-sonnet-4-5"),
            "d": workflow("d.txt", model="deepseek/deepseek-chat"),
        }
    ),
    "a.j2": PLAIN * 20,
    "b.txt": "Sort the ticket.\n" * 30,
    "c.txt": "Be kind.\n",
    "d.txt": "短い文章。\n",
}
CHANGED = {"a.j2": PLAIN * 30, "b.txt": "Sort it.\n", "c.txt": "Be kind.\nBe brief.\n"}


def test_an_ordinary_review_loads_no_vocabulary_and_no_library_of_prices(
    repository: Repository,
) -> None:
    files = {
        CONFIGURATION: configuration({"w": workflow("a.j2"), "v": workflow("b.txt")}),
        "a.j2": PLAIN * 20,
        "b.txt": "Sort the ticket.\n",
    }
    repository.commit(files)
    repository.branch("work")
    repository.commit({"a.j2": PLAIN * 30})
    program = (
        "import sys; from reviewbot.cli import main; before = set(sys.modules);"
        "code = main(['check', '--format', 'json']);"
        f"print(sorted({set(HEAVY)!r} & set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        cwd=repository.path,
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stderr == "[]\n"


def test_reports_are_the_same_without_shortcuts(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = change(repository, FILES, CHANGED)
    assert outcome.code == 1
    _without_shortcuts(monkeypatch)
    assert review(repository) == outcome


def test_explanations_are_the_same_without_shortcuts(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = explained_samples(tmp_path_factory.mktemp("r") / "r", 2, workflows=1)
    outcome = review(repository)
    assert outcome.code == 1
    _without_shortcuts(monkeypatch)
    assert review(repository) == outcome


def _without_shortcuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count with tiktoken's vocabularies, and price with genai-prices as it is installed."""
    monkeypatch.setattr(vocabularies, "index_of", lambda _: None)
    whole = converted_catalogue(catalogue_rates.catalogue_version())
    monkeypatch.setattr(catalogue_rates, "_catalogue", lambda: whole)
    for cached in (
        catalogue_rates.find,
        catalogue_rates.find_dearest,
        catalogue_rates.listed_names,
    ):
        cached.cache_clear()


INCLUDES = {
    CONFIGURATION: configuration(
        {
            "a": workflow("a/a.j2", samples="s.yaml", envelope="{increase: {hard: 1%}}"),
            "b": workflow("a/b.j2", samples="s.yaml"),
            "c": workflow("a/c.j2", samples="s.yaml"),
        }
    ),
    "s.yaml": "company: Acme\nnames: [one, two]\n",
    "a/a.j2": f"{PLAIN}{{% include 'rules.j2' %}}\n{{% include 'nowhere.j2' ignore missing %}}",
    "a/b.j2": "{% from 'macros.j2' import each %}{{ each(names) }}{% include 'rules.j2' %}",
    "a/c.j2": "{% include 'a.j2' %}{% include 'link.j2' %}",
    "a/macros.j2": "{% macro each(items) %}{% for x in items %}{{ x }}{% endfor %}{% endmacro %}",
    "a/rules.j2": "Rules of {{ company }}: {% include 'more.j2' %}",
    "more.j2": "be kind,\n",
    "a/link.j2": "{{ nobody }}",
}


def test_reports_are_the_same_where_includes_are_asked_for_one_by_one(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = {"more.j2": "be kind and brief,\n" * 3, "a/macros.j2": INCLUDES["a/macros.j2"] + " "}
    outcome = change(repository, INCLUDES, changed)
    assert [item["name"] for item in outcome.report["workflows"]] == ["a", "b", "c"]
    monkeypatch.setattr(wanted_texts, "foreseen_includes", lambda *_: ())
    assert review(repository) == outcome


def test_reports_are_the_same_where_each_workflow_is_rendered_by_itself(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {name: f"a/{name}.j2" for name in ("a", "b", "c")} | {"d": "a/a.j2", "e": "e.j2"}
    files = INCLUDES | {
        CONFIGURATION: configuration(
            {name: workflow(path, samples="s.yaml") for name, path in named.items()}
        ),
        "e.j2": "{{ names or company }} {{ nobody }}",
    }
    outcome = change(repository, files, {"more.j2": "be kind and brief,\n" * 3})
    assert [item["name"] for item in outcome.report["workflows"]] == ["a", "b", "c", "d"]
    monkeypatch.setattr(Renderer, "ahead", lambda _, workflows: [None for _ in workflows])
    assert review(repository) == outcome


def test_reports_are_the_same_where_workflows_have_too_much_text_together(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("f.j2", "g.j2", "h.j2")  # there is room for one, before and after the change
    long = {name: "{{ company * 40_000 }}" + name for name in names}
    settings = {name[0]: workflow(name, samples="s.yaml") for name in names}
    files = INCLUDES | long | {CONFIGURATION: configuration(settings)}
    changed = {name: f"{long[name]}!" for name in names[:2]}
    outcome = change(repository, files, changed)
    monkeypatch.setattr(pool, "Limits", partial(Limits, texts_bytes=500_000))
    assert review(repository) == outcome


MANY = {f"w{number}": f"{number}.j2" for number in range(24)}
SAID = ("Be kind.", "Be \u77ed.", "{{ names }}" * 5, "{{ company }}\n/path " + "x" * 70)


def test_reports_are_the_same_where_nothing_is_counted_while_it_is_rendered(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = ("openai/gpt-4o", "openai/gpt-4", "anthropic/claude-sonnet-4-5", "openai/davinci-002")
    settings = {
        name: workflow(path, samples="s.yaml", model=models[number % 4])
        for number, (name, path) in enumerate(MANY.items())
    }
    files = INCLUDES | {CONFIGURATION: configuration(settings)}
    files |= {path: f"{n}: {SAID[n % 3]}{PLAIN}" for n, path in enumerate(MANY.values())}
    outcome = change(repository, files, {"0.j2": PLAIN * 3, "5.j2": PLAIN * 4})
    assert len(outcome.report["unaffected_workflows"]) == 22
    monkeypatch.setattr(Counter, "tell", lambda *_: None)
    assert review(repository) == outcome


def test_reports_are_the_same_where_processes_start_when_they_are_needed(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed: dict[str, str | bytes | None] = {"a.j2": PLAIN * 30}
    monkeypatch.setattr(processes, "_MANY", 1)
    outcome = change(repository, FILES, changed)
    monkeypatch.undo()
    assert review(repository) == outcome


def test_reports_are_the_same_where_every_file_is_read_at_each_revision(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = {
        "a/a.j2": INCLUDES["a/a.j2"] + "Be brief.\n",
        "a/rules.j2": INCLUDES["a/rules.j2"] + "At once.\n",
        "a/more.j2": "be kinder,\n",
        "more.j2": None,
    }
    outcome = change(repository, INCLUDES, changed)
    assert outcome.workflow("a")["hunks"]
    monkeypatch.setattr(TextReader, "data_of_same", lambda *_: {})
    monkeypatch.setattr(SharedSources, "of_same", lambda *_: None)
    assert review(repository) == outcome


UNTOUCHED = {
    CONFIGURATION: configuration(
        {name: workflow(f"{name}.j2", model="") for name in ("e", "f", "g")},
        defaults="{model: openai/gpt-4.1}",
    ),
    "e.j2": "{% include 'e.txt' ignore missing %}",
    "f.j2": "Be kind.\n",
    "g.j2": "<<<<<<< one\nBe kind.\n=======\nBe brief.\n>>>>>>> other\n",
}
ASIDE: dict[str, tuple[dict[str, str | bytes | None], set[str]]] = {
    "nothing": ({"other.txt": "x"}, set()),
    "one prompt": ({"f.j2": "Be brief.\n"}, {"f"}),
    "a file that was named and not there": ({"e.txt": "Be kind.\n"}, {"e"}),
    "the model of all": (
        {CONFIGURATION: UNTOUCHED[CONFIGURATION].replace("gpt-4.1", "gpt-4.1-mini")},
        {"e", "f", "g"},
    ),
    "the limits of one": (
        {CONFIGURATION: UNTOUCHED[CONFIGURATION].replace("f.j2,", "f.j2, max_tokens: 9,")},
        {"f"},
    ),
}


@pytest.mark.parametrize("name", ASIDE)
def test_what_is_the_same_at_both_revisions_is_read_once(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    changed, affected = ASIDE[name]
    outcome = change(repository, UNTOUCHED, changed)
    assert {item["name"] for item in outcome.report["workflows"]} == affected
    monkeypatch.setattr(SharedSources, "of_same", lambda *_: None)
    assert review(repository) == outcome


def test_a_link_of_the_same_bytes_is_not_taken_for_the_file_before(repository: Repository) -> None:
    files = INCLUDES | {"a/rules.j2": "more.j2"}
    repository.commit(files)
    repository.branch("work")
    (repository.path / "a/rules.j2").unlink()
    (repository.path / "a/rules.j2").symlink_to("more.j2")
    repository.commit({})
    outcome = review(repository)
    assert "symbolic link" in outcome.workflow("a")["problems"][0]["what"]
