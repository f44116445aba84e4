"""The prompts in TypeScript and JavaScript, found by the syntax tree; no code is run.

They are texts and lists of messages that stand under a name: constants, members of classes
(`Class.name`), local names of a function (`function.name`), what a function returns (`function`;
of several returns `function.return`, `function.return@2`), entries of objects, arrays and enums
(`NAME.key`, `NAME.0`), and what a call is given (`agent.instructions`; of a call without a name
`function.generateText.system`). A further one of the same name ends in `@2`.

Each dialect is a module of its own, which the parent names: the grammar is that of the file's name.
"""

from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.files import Files
from reviewbot.rendering.parsers.typescript_source.finding import Finder
from reviewbot.rendering.parsers.typescript_source.modules import Modules
from reviewbot.rendering.parsers.typescript_source.syntax import Source


def prompts_of(text: str, files: Files, language: object) -> dict[str, Any]:
    """Each prompt by its selector: its `messages`, and the `line` that it begins in.

    One that the source does not tell has no messages; `problem` and `mend` say why, where that is
    not just that code computes it. `callee` and `key` say which call gets it, and as what; `call`
    is what that call says of model and cap. `is_use` says that it is a name's text once more.
    `exports` are the names that come from other files: `{"name": ["./module", "name there"]}`;
    under `*` stand the modules all of whose names do. `files` are the paths of the imported files
    that texts come from.
    """
    try:
        found = Finder(Modules(files).first(Source(text, language))).found()
    except RecursionError:
        what = "expressions of this source are nested too deep"
        raise TemplateError(what, "write them flatter", line=1) from None
    return found | {"files": sorted(files.used)}
