"""What people get wrong on their first days: each message says what, where, and the mend."""

import pytest

from tests.support.mistakes import BODY, PROMPT, SAMPLES, Mistake, at, check_told, configured
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, review

MISTAKES = {
    "a folder as a prompt": Mistake(
        configured(BODY.replace("prompts/a.j2", "prompts"), **{"prompts/b.md": "x"}),
        "'prompts' is a folder",
        at(4, "workflows.triage.prompts"),
        "list each file in it: `- prompts/a.j2`, `- prompts/b.md`",
    ),
    "variables beside the name of a sample": Mistake(
        configured(BODY + "    samples:\n      - name: typical\n        who: Ann\n"),
        "`who` stands beside the sample's name",
        at(9, "workflows.triage.samples[0]"),
        "put them below `variables:`",
    ),
    "a key is misspelt": Mistake(
        configured(BODY + "    envelop: {}\n"),
        "the key 'envelop' is unknown",
        at(7, "workflows.triage.envelop"),
        "did you mean `envelope`?",
    ),
    "a key of an envelope stands in a limit": Mistake(
        configured(BODY + "    envelope: {monthly_cost: {hard: $9, approvable: true}}\n"),
        "the key 'approvable' is unknown here",
        at(7, "workflows.triage.envelope.monthly_cost.approvable"),
        "it belongs in `workflows.triage.envelope`",
    ),
    "a limit stands in the workflow": Mistake(
        configured(BODY + "    monthly_cost: {hard: $9}\n"),
        "the key 'monthly_cost' is unknown here",
        at(7, "workflows.triage.monthly_cost"),
        "it belongs in `workflows.triage.envelope`",
    ),
    "a default stands at the top": Mistake(
        configured("model: openai/gpt-4.1\n" + BODY),
        "the key 'model' is unknown here",
        at(1, "model"),
        "it belongs in `workflows.NAME` or `defaults`",
    ),
    "traffic stands in the workflow": Mistake(
        configured(BODY + "    calls: 9/day\n"),
        "the key 'calls' is unknown here",
        at(7, "workflows.triage.calls"),
        "it belongs in an item of `workflows.triage.traffic`",
    ),
    "a comma in an amount": Mistake(
        configured(BODY + "    envelope: {monthly_cost: {hard: $1,100}}\n"),
        "YAML reads the unquoted `$1,100` as `$1` and a key `100`",
        at(7, "workflows.triage.envelope.monthly_cost.100"),
        'quote it, "$1,100", or write $1_100',
    ),
    "another currency": Mistake(
        configured(BODY + "    envelope: {monthly_cost: {hard: 900€}}\n"),
        "'900€' is not an amount in USD a month (another currency; convert it)",
        at(7, "workflows.triage.envelope.monthly_cost.hard"),
        "write it like $1_200",
    ),
    "no percent sign": Mistake(
        configured(BODY + "    envelope: {increase: {hard: 20}}\n"),
        "'20' is not a percentage (no percent sign)",
        at(7, "workflows.triage.envelope.increase.hard"),
        "write 20%",
    ),
    "no period": Mistake(
        configured(BODY.replace("9/day", "9")),
        "'9' is not a number of calls in a period (no period)",
        at(6, "workflows.triage.traffic[0].calls"),
        "write it like 120_000/month",
    ),
    "negative calls": Mistake(
        configured(BODY.replace("9/day", "-9/day")),
        "'-9/day' is not a number of calls in a period (below zero)",
        at(6, "workflows.triage.traffic[0].calls"),
        "write it like 120_000/month",
    ),
    "no traffic": Mistake(
        configured(BODY[: BODY.index("    traffic")]),
        "the workflow 'triage' has no traffic, so its cost is unknown",
        at(4, "workflows.triage"),
        "add `traffic: [{calls: 1_000/month, output_tokens: 200}]`",
    ),
    "a tab": Mistake(
        configured(BODY.replace("    model", "\tmodel")),
        "a tab indents this line",
        ".github/reviewbot.yml:5:",
        "use blanks instead of tabs",
    ),
    "a wrong indentation": Mistake(
        configured(BODY.replace("    model", "   model")),
        "this line is indented by 3 blanks, the keys beside it by 4",
        ".github/reviewbot.yml:5:",
        "indent it by 4 blanks",
    ),
    "a key stands twice": Mistake(
        configured(BODY + "    model: openai/gpt-4o\n"),
        "the key 'model' stands in line 5 already",
        ".github/reviewbot.yml:7",
        "keep one of the two",
    ),
    "a budget of nothing": Mistake(
        configured(
            BODY
            + "    feature: inbox\n"
            + "budgets: [{name: b, match: {feature: inbx}, monthly_cost: {hard: $10}}]\n"
        ),
        "the budget 'b' matches nothing: there is no feature 'inbx'",
        at(8, "budgets[0].match.feature"),
        "did you mean `inbox`?",
    ),
    "a format of another name": Mistake(
        configured(BODY.replace("prompts/a.j2", "{path: prompts/a.j2, format: jinja2}")),
        "'jinja2' is unknown here",
        at(4, "workflows.triage.prompts.format"),
        "did you mean 'jinja'?",
    ),
    "a wrong path": Mistake(
        configured(BODY.replace("prompts/a.j2", "prompts/a.jinja")),
        "'prompts/a.jinja': there is no such file",
        at(4, "workflows.triage.prompts"),
        "did you mean 'prompts/a.j2'?",
    ),
    "a pattern of prompts": Mistake(
        configured(BODY.replace("prompts/a.j2", "prompts/*.j2")),
        "`prompts` take no pattern",
        at(4, "workflows.triage.prompts"),
        "list each file: `- prompts/a.j2`",
    ),
    "a folder that is no repository": Mistake(
        {},
        "/ is not a git repository",
        "/",
        "run reviewbot inside one, or name it: `--repo PATH`",
        ("init", "--repo", "/"),
    ),
    "a repository that is not there": Mistake(
        {},
        "/nowhere/x does not exist",
        "/nowhere/x",
        "--repo PATH",
        ("init", "--repo", "/nowhere/x"),
    ),
    "a wrong folder": Mistake(
        configured(BODY.replace("prompts/a.j2", "prompt/a.j2")),
        "'prompt/a.j2': there is no such file",
        at(4, "workflows.triage.prompts"),
        "did you mean 'prompts/a.j2'?",
    ),
    "samples of another ending": Mistake(
        configured(BODY + "    samples: samples/*.yml\n", **{"samples/typical.yaml": "name: Ann"}),
        "no file matches 'samples/*.yml'",
        at(7, "workflows.triage.samples"),
        "write 'samples/*.yaml': there is samples/typical.yaml",
    ),
    "one of two deleted prompts": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "[{path: prompts/a.j2}, {path: prompts/b.txt}]"),
            **{"prompts/b.txt": "Be brief."},
        ),
        "the change deletes 'prompts/a.j2', which 'triage' still names",
        at(4, "workflows.triage.prompts[0]"),
        "take it out of `prompts`, or the workflow out of `workflows`, or keep the file",
        change={PROMPT: None},
    ),
    "a misspelt model": Mistake(
        configured(BODY.replace("gpt-4.1", "gpt-4.1-mni")),
        "the catalogue has no price for openai/gpt-4.1-mni",
        at(5, "workflows.triage.model"),
        "did you mean 'openai/gpt-4.1-mini'?",
    ),
    "a misspelt maker": Mistake(
        configured(BODY.replace("openai/", "opnai/")),
        "there is no model 'opnai/gpt-4.1' that is known here",
        at(5, "workflows.triage.model"),
        "did you mean 'openai/gpt-4.1'?",
    ),
    "no model": Mistake(
        configured(BODY.replace("    model: openai/gpt-4.1\n", "")),
        "the workflow 'triage' names no model",
        at(4, "workflows.triage"),
        "add `model: openai/gpt-4.1` to it or to `defaults`",
    ),
    "variables without values": Mistake(
        configured(BODY + SAMPLES),
        "'order', 'city' and 'due' (line 3) are undefined in the sample 'typical';",
        "prompts/a.j2:2:",
        f"let `reviewbot init --update` add them to the sample ({CONFIGURATION}:7), which has `name`, or correct",
        change={PROMPT: "Hello {{ name }}\n{{ order }} {{ city }}\n{{ due }} {{ order }}\n"},
    ),
    "a variable that a sample file lacks": Mistake(
        configured(
            BODY + "    samples: samples/*.yaml\n",
            **{"samples/big.yaml": "# x\nname: Ann\ncity: Rome\n"},
        ),
        "'order' is undefined in the sample 'big' (samples/big.yaml);",
        "prompts/a.j2:1:",
        "add `order: {tokens: 100}` to the sample (samples/big.yaml:3), which has `name`, `city`, "
        "or correct its name",
        change={PROMPT: "Hello {{ name }}, {{ order }}\n"},
    ),
    "braces of JSON in a format string": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "{path: prompts/a.j2, format: str-format}") + SAMPLES
        ),
        '{"queue"} is no variable, and no sample gives it',
        "prompts/a.j2:2:",
        "write braces that are text, as in JSON, twice: {{ and }}",
        change={PROMPT: 'Hello {name}.\nAnswer {"queue": "x"}\n'},
    ),
    "a date that is none": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "{path: prompts/a.j2, format: str-format}") + SAMPLES
        ),
        "{name:%d %B %Y} cannot be formatted",
        "prompts/a.j2:1:",
        "give a date in the sample, 2026-11-01",
        change={PROMPT: "Due {name:%d %B %Y}\n"},
    ),
    "a number in quotes": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "{path: prompts/a.j2, format: str-format}")
            + SAMPLES.replace("Ann", "'12.5'")
        ),
        "{name:,.2f} cannot be formatted",
        "prompts/a.j2:1:",
        "give a number in the sample, 12.5 without quotes",
        change={PROMPT: "Costs {name:,.2f}\n"},
    ),
    "a misspelt constant of source code": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "src/bot.py#SYSTM"),
            **{"src/bot.py": 'SYSTEM = "You are a helpful assistant."\n'},
        ),
        "src/bot.py: there is no prompt called `SYSTM`",
        at(4, "workflows.triage.prompts"),
        "did you mean `src/bot.py#SYSTEM`?",
    ),
    "a constant of source code in another case": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "src/bot.py#system"),
            **{"src/bot.py": 'SYSTEM = "You are a helpful assistant."\n'},
        ),
        "src/bot.py: there is no prompt called `system`",
        at(4, "workflows.triage.prompts"),
        "did you mean `src/bot.py#SYSTEM`?",
    ),
    "a colon before a constant": Mistake(
        configured(BODY.replace("prompts/a.j2", "src/bot.py:SYSTEM")),
        "the name 'src/bot.py:SYSTEM' does not tell the prompt's format",
        at(4, "workflows.triage.prompts"),
        "write `src/bot.py#SYSTEM`",
    ),
    "a path in the wrong case": Mistake(
        configured(BODY.replace("prompts/a.j2", "Prompts/A.j2")),
        "'Prompts/A.j2': there is no such file",
        at(4, "workflows.triage.prompts"),
        "did you mean 'prompts/a.j2'?",
    ),
    "a file of another prompt's kind, renamed before": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "[prompts/a.system.j2, prompts/a.user.j2]"),
            **{"prompts/a.system.j2": "Be kind.\n", "prompts/a.question.j2": "Hello.\n"},
        ),
        "'prompts/a.user.j2': there is no such file",
        at(4, "workflows.triage.prompts[1]"),
        "did you mean 'prompts/a.question.j2'?",
        ("cost",),
        change={PROMPT: "x" * 99},
    ),
    "a folder": Mistake(
        configured(BODY.replace("prompts/a.j2", "{path: prompts, format: jinja}")),
        "'prompts': this is a folder",
        at(4, "workflows.triage.prompts"),
        "name the files in it, such as 'prompts/a.j2'",
    ),
    "a misspelt partial": Mistake(
        configured(BODY, **{"prompts/partials/tone.j2": "Be kind.\n"}),
        "the included file 'partials/tne.j2' was not found",
        "prompts/a.j2:1:",
        "did you mean 'prompts/partials/tone.j2'?",
        change={PROMPT: "Hi {% include 'partials/tne.j2' %}\n"},
    ),
    "a model without its maker": Mistake(
        configured(BODY.replace("openai/gpt-4.1", "gpt4")),
        "there is no model 'gpt4' that is known here",
        at(5, "workflows.triage.model"),
        "did you mean 'openai/gpt-4'?",
    ),
    "samples named by their folder": Mistake(
        configured(BODY + "    samples: samples/a\n", **{"samples/a/x.yaml": "name: Ann\n"}),
        "'samples/a' is a folder",
        at(7, "workflows.triage.samples"),
        "name the files in it: `samples/a/*.yaml`",
    ),
    "a misspelt variable": Mistake(
        configured(BODY + SAMPLES),
        "'nmae' is undefined in the sample 'typical'",
        "prompts/a.j2:1:",
        f"the sample has `name` ({CONFIGURATION}:7): write `nmae` there, or `name` in the prompt",
        change={PROMPT: "Hello {{ nmae }}\n"},
    ),
    "a misspelt key of a sample": Mistake(
        configured(
            BODY
            + "    samples:\n      - name: short\n        variables: {topic: x, research_summary: y}\n"
            + "      - name: typical\n        variables:\n          topic: x\n"
            + "          research_sumary: {tokens: 9}\n"
        ),
        "'research_summary' is undefined in the sample 'typical'",
        "prompts/a.j2:1:",
        f"the sample has `research_sumary` ({CONFIGURATION}:13): write `research_summary` there",
        change={PROMPT: "{{ topic }}: {{ research_summary }}\n"},
    ),
    "a misspelt key of a sample file": Mistake(
        configured(BODY + "    samples: samples/*.yaml\n", **{"samples/big.yaml": "sumary: Ann"}),
        "'summary' is undefined in the sample 'big' (samples/big.yaml)",
        "prompts/a.j2:1:",
        "the sample has `sumary` (samples/big.yaml:1): write `summary` there",
        change={PROMPT: "Hello {{ summary }}\n"},
    ),
    "samples as a table": Mistake(
        configured(BODY + "    samples: s/a.csv\n", **{"s/a.csv": "name\nAnn\n"}),
        "samples are YAML or JSON files, not .csv",
        "s/a.csv:",
        "write each as a file such as `name: Ann`",
    ),
    "a price file that is not there": Mistake(
        configured(BODY + "prices: {catalogue: prices.json}\n"),
        "prices.json: there is no such file",
        at(7, "prices.catalogue"),
        "correct the path",
    ),
    "a configuration in another place": Mistake(
        {},
        "the path of the configuration leads out of the repository",
        "/etc/reviewbot.yml:",
        "such as `--config .github/reviewbot.yml`",
        ("check", "--config", "/etc/reviewbot.yml"),
    ),
    "a folder as the configuration": Mistake(
        configured(BODY),
        "this is a folder, and no configuration",
        ".github:",
        "name the file: `--config .github/reviewbot.yml`",
        ("check", "--config", ".github"),
    ),
    "a misspelt configuration": Mistake(
        configured(BODY),
        "there is no configuration",
        ".github/reviewbt.yml:",
        "did you mean `--config .github/reviewbot.yml`?",
        ("check", "--config", ".github/reviewbt.yml"),
    ),
    "no configuration beside GitHub's own files": Mistake(
        {".github/dependabot.yml": "version: 2\n"},
        "there is no configuration",
        ".github/reviewbot.yml:",
        "; write one with `reviewbot init`, or name yours with `--config PATH`",
        ("baseline",),
    ),
    "a configuration of another name": Mistake(
        {".github/review-bot.yml": BODY},
        "there is no configuration",
        ".github/reviewbot.yml:",
        "did you mean `--config .github/review-bot.yml`?",
        ("baseline",),
    ),
    "no command": Mistake({}, "required: COMMAND", "reviewbot", "begin with `reviewbot cost`", ()),
    "the command help": Mistake(
        {}, "invalid choice: 'help'", "argument COMMAND", "did you mean `--help`?", ("help",)
    ),
    "an option of another command": Mistake(
        {},
        "unrecognized arguments: --model",
        "reviewbot: error:",
        "to try another: edit `model`, then `reviewbot cost --worktree`",
        ("cost", "--model", "gpt4"),
    ),
    "a configuration that is not there": Mistake(
        {},
        "there is no configuration",
        "reviewbot.yaml:",
        "write one with `reviewbot init`, or name yours with `--config PATH`",
        arguments=("check", "--config", "reviewbot.yaml"),
    ),
    "a misspelt command": Mistake(
        {}, "invalid choice: 'chek'", "argument COMMAND", "did you mean `check`?", ("chek",)
    ),
    "a base beside cost": Mistake(
        {},
        "cost has no --base",
        "--base",
        "to compare: `reviewbot check --base main`",
        ("cost", "--base", "main"),
    ),
    "a base without its option": Mistake(
        {}, "unrecognized", "main", "did you mean `--base main`?", ("check", "main")
    ),
    "a misspelt base": Mistake(
        {}, "'mian' is not in", "mian", "did you mean `--base main`?", ("check", "--base", "mian")
    ),
    "a file as the base": Mistake(
        {},
        "'README.md' is a file",
        "README.md",
        "--base takes a branch, such as main",
        ("check", "--base", "README.md"),
    ),
    "a day in words": Mistake(
        {},
        "'yesterday' is no date",
        "--since",
        "write it as 2026-11-28",
        ("usage", "--since", "yesterday"),
    ),
    "days the wrong way round": Mistake(
        {},
        "--since 2026-11-02 is after --until 2026-11-01",
        "--since",
        "swap them",
        ("usage", "--since", "2026-11-02", "--until", "2026-11-01"),
    ),
    "a misspelt option": Mistake(
        {},
        "unrecognized arguments: --wroktree",
        "--wroktree",
        "did you mean `--worktree`?",
        ("check", "--wroktree"),
    ),
    "a misspelt format": Mistake(
        {},
        "invalid choice: 'sariff'",
        "argument --format",
        "did you mean `sarif`?",
        ("check", "--format", "sariff"),
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_the_message_says_what_where_and_the_mend(
    name: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_told(MISTAKES[name], repository, monkeypatch)


def test_a_merge_conflict_in_a_prompt_is_told(repository: Repository) -> None:
    repository.commit(configured(BODY, **{PROMPT: "Hello\n"}))
    repository.branch("work")
    conflict = "Hello\n<<<<<<< HEAD\nold\n=======\nnew\n>>>>>>> feature\n"
    repository.commit({PROMPT: conflict})
    outcome = review(repository)
    (finding,) = outcome.report["findings"]
    assert (finding["rule"], finding["verdict"], outcome.code) == ("merge_conflict", "warn", 0)
    assert finding["place"] == {"file": PROMPT, "line": 2, "key": None}
    repository.commit({PROMPT: conflict + "more\n"})
    assert review(repository, "--base", "HEAD~1").report["findings"] == []


@pytest.mark.parametrize("name", ["facts.yaml", "facts.json", "facts.txt"])
def test_a_merge_conflict_in_what_a_prompt_includes_is_told(
    repository: Repository, name: str
) -> None:
    path = f"prompts/{name}"
    prompt = f"Hello {{% include '{name}' %}}\n"
    repository.commit(configured(BODY, **{PROMPT: prompt, path: "old\n"}))
    repository.branch("work")
    conflict = "<<<<<<< HEAD\nold\n=======\nnew\n>>>>>>> feature\n".replace("\n", "\r\n")
    repository.commit({path: conflict})
    (finding,) = review(repository).report["findings"]
    assert (finding["rule"], finding["place"]["file"]) == ("merge_conflict", path)


def test_a_merge_conflict_for_which_a_prompt_is_refused_is_told_once(
    repository: Repository,
) -> None:
    path = "prompts/a.prompt.yml"
    messages = "messages:\n  - role: user\n    content: Hello\n"
    repository.commit(configured(BODY.replace(PROMPT, path), **{path: messages}))
    repository.branch("work")
    repository.commit({path: messages + "<<<<<<< HEAD\n=======\n>>>>>>> feature\n"})
    outcome = review(repository)
    (problem,) = outcome.report["workflows"][0]["problems"]
    assert problem["what"] == "a merge conflict is not resolved"
    assert outcome.report["findings"] == []


def test_there_are_enough() -> None:
    assert len(MISTAKES) >= 25
