"""Commands of Gemini CLI, TOML files with a `prompt`.

Source: google-gemini/gemini-cli, docs/cli/custom-commands.md. A command of the shell is never run.
"""

import re
from typing import Any

from msgspec.structs import replace

from reviewbot.prompt import PromptFile, PromptText
from reviewbot.prompt_formats._common.problems import wrong
from reviewbot.prompt_formats._common.whole_file import one_message
from reviewbot.rendering.engines import github_models

NAME = "gemini-commands"
TITLE = "commands of Gemini CLI"
RECOGNIZED = (".gemini/commands/*.toml", ".gemini/commands/*/*.toml")
AMBIGUOUS = False

_INJECTION = re.compile(r"(?P<kind>[!@])\{(?P<what>(?:[^{}\n]|\{\{args\}\}){1,1000})\}")


def read(file: PromptText) -> PromptFile:
    """The prompt, with the files that it names; what the shell would print is a variable."""
    line, kind, said = _prompt(file)
    if kind != "text":
        mend = 'write a text: `prompt = """…"""`'
        raise wrong("`prompt` is no text", mend, path=file.path, line=line)
    text = _INJECTION.sub(lambda found: _injected(found, replace(file, text=said, line=line)), said)
    engine = github_models.NAME if "{{" in text else None
    return one_message(replace(file, text=text, line=line), engine=engine)


def _prompt(file: PromptText) -> tuple[int, str, Any]:
    _, _, entries = file.surroundings.parse("toml-file", file.text, file.path)
    for key, _, value in entries:
        if key == "prompt":
            return tuple(value)
    mend = 'add it: `prompt = """…"""`'
    raise wrong("the command has no `prompt`", mend, path=file.path, line=1)


def _injected(found: re.Match[str], file: PromptText) -> str:
    """The file that `@{…}` names, or the variable that `!{…}` is: `!` and the command."""
    what = found["what"].strip()
    if found["kind"] == "!":
        return f"{{{{!{what.replace('{{args}}', 'args')}}}}}"
    loaded = None if "{{" in what else file.surroundings.load(what, file.path)
    if loaded is None:
        line = file.line + file.text.count("\n", 0, found.start())
        mend = "name a file of the repository, not a folder, without `{{args}}`"
        raise wrong(f"`@{{{what}}}` is no file", mend, path=file.path, line=line)
    return loaded.text
