"""In which forms TypeScript and JavaScript send texts that have names; no code is run.

Each dialect is a module of its own, which the parent names: the grammar is that of the file's name.
"""

import json
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.sent_forms import Forms
from reviewbot.rendering.parsers._common.told_forms import told_forms
from reviewbot.rendering.parsers.typescript_forms.blocks import Blocks
from reviewbot.rendering.parsers.typescript_source.syntax import Source


def forms_in(text: str, language: object) -> list[dict[str, Any]]:
    """What `told_forms` finds of the `names` in a `source`, which the text gives as JSON.

    Raises:
        TemplateError: It is nested too deep.
    """
    given = json.loads(text)
    try:
        blocks = Blocks(Source(given["source"], language))
        functions = given.get("functions", ())
        forms = Forms(given["names"], blocks.all, blocks.sent.calls, functions)
        return told_forms(forms, blocks.sent.slots, blocks.sent.alterings)
    except RecursionError:
        what = "expressions of this source are nested too deep"
        raise TemplateError(what, "write them flatter", line=1) from None
