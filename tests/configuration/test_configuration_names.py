"""Paths, models, people and versions that a configuration may name."""

import json

import pytest

from tests.support.configurations import NOT_A_LOGIN, NOT_A_MODEL, NOT_A_PATH, SMALL, read, told


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd.txt",
        "~/a.txt",
        "../a.txt",
        "a/../../b.txt",
        "a/..",
        "./a.txt",
        "a/./b.txt",
        ".",
        "..",
        r"a\\b.txt",
        r"a\nb.txt",
        r"a\0.txt",
        r"\e[31m.txt",
        r"a\x7f.txt",
        "prompts/",
        "",
        "a" * 5_000 + ".txt",
    ],
    ids=lambda path: path[:20],
)
@pytest.mark.parametrize("key", ["prompts", "tools", "samples"])
def test_paths_outside_of_the_repository_are_refused(path: str, key: str) -> None:
    text = SMALL.replace("prompts: a.txt", f'prompts: "{path}"')
    line = 4
    if key != "prompts":
        text, line = f'{SMALL}    {key}: "{path}"\n', 6
    ((found_line, found_key, what, mend),) = told(text)
    assert (found_line, found_key) == (line, f"workflows.w.{key}")
    assert NOT_A_PATH in what
    assert len(what) < 200, "a long path is cut"
    assert f"{what}{mend}".isprintable()
    assert "prompts/" in mend or mend == (
        "write a.txt" if path in ("./a.txt", "../a.txt") else "write a/b.txt"
    )


@pytest.mark.parametrize("path", ["a.txt", "..a/b..c.txt", "a b.txt", "größe/x.txt", ".x/...txt"])
def test_paths_that_only_look_odd_are_taken(path: str) -> None:
    found = read(SMALL.replace("a.txt", json.dumps(path)))
    assert found.workflows["w"].prompts[0].path == path


@pytest.mark.parametrize("model", ["''", "'gpt 4'", "/gpt-4o", "':gpt'", '"a\\tb"', "m" * 202])
def test_names_that_no_model_has(model: str) -> None:
    text = f"{SMALL}    model: {model}\ndefaults: {{model: {model}}}\n"
    found = told(text)
    assert [(line, key) for line, key, _, _ in found] == [
        (6, "workflows.w.model"),
        (7, "defaults.model"),
    ]
    assert all(NOT_A_MODEL in what for _, _, what, _ in found)
    meant = "write gpt-4" if "gpt 4" in model else "write it like openai/gpt-4.1"
    assert all(mend == meant for _, _, _, mend in found)


@pytest.mark.parametrize("character", [r"\0", r"\e[31m", r"\x7f"])
def test_control_characters_are_no_part_of_a_model(character: str) -> None:
    assert NOT_A_MODEL in told(f'{SMALL}    model: "gpt{character}"\n')[0][2]


@pytest.mark.parametrize(
    "approver", ["''", "a b", "'@'", "'@a/'", "a/b/c", "a_b", "-a", "'@@a'", "a" * 40, "a@b.org"]
)
def test_approvers_that_nobody_is(approver: str) -> None:
    found = told(f"{SMALL}approval:\n  approvers:\n    - octocat\n    - {approver}\n")
    ((line, key, what, mend),) = found
    assert (line, key) == (9, "approval.approvers[1]")
    assert NOT_A_LOGIN in what
    assert mend == MEANT.get(approver, 'write it like "@acme/finops"')


@pytest.mark.parametrize("owner", ["acme", "'@Acme'"])
def test_an_organisation_approves_nothing(owner: str) -> None:
    text = f"{SMALL}approval:\n  approvers:\n    - {owner}\n    - '@acme/finops'\n"
    ((line, key, what, mend),) = told(text)
    assert (line, key) == (7, "approval")
    assert "is an organisation, as `@acme/finops` says" in what
    assert mend == "name a team of it, such as `@acme/finops`, or a login"


def test_a_managed_user_may_approve() -> None:
    read(f"{SMALL}approval: {{approvers: [kim_acme, '@acme/finops']}}\n")


LOGIN = 'write the login or the team on GitHub, such as octocat or "@acme/finops"'
MEANT = {
    "a b": f"{LOGIN}, not the name",
    "a@b.org": LOGIN,
}


@pytest.mark.parametrize("version", ["2", "0", "1.0", "[1]", "", "true"])
def test_other_versions(version: str) -> None:
    ((line, key, what, mend),) = told(SMALL.replace("version: 1", f"version: {version}"))
    assert (line, key, mend) == (1, "version", "write 1")
    assert what.endswith("is unknown: only 1 is known")


@pytest.mark.parametrize("text", ["[]", "version", "42"])
def test_no_mapping_at_all(text: str) -> None:
    mend = "write it as `key: value` lines, such as `version: …`"
    assert told(text) == [(1, None, "this is not a mapping", mend)]


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file(text: str) -> None:
    mend = "delete it, and let `reviewbot init` write one"
    assert told(text) == [(1, None, "the configuration is empty", mend)]


def test_an_empty_mapping_lacks_what_is_required() -> None:
    assert told("{}") == [
        (
            1,
            "version",
            "the key `version` is missing",
            "add it: the version of this file's shape, 1",
        ),
        (1, "workflows", "the key `workflows` is missing", "add it: the uses of a model, by name"),
    ]


def test_two_budgets_of_one_name() -> None:
    text = f"{SMALL}budgets:\n" + "  - {name: b, match: {}, monthly_cost: {hard: 1}}\n" * 2
    mend = "give each its own name"
    assert told(text) == [
        (8, "budgets[1]", "two budgets are called 'b', this one and that in line 7", mend),
    ]
