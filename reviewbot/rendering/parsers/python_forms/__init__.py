"""In which forms Python source sends texts that have names; no code is run."""

import json
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.sent_forms import Forms
from reviewbot.rendering.parsers._common.told_forms import told_forms
from reviewbot.rendering.parsers.python_forms.blocks import Blocks
from reviewbot.rendering.parsers.python_source.parsed import parsed


def parse(text: str) -> list[dict[str, Any]]:
    """What `told_forms` finds of the `names` in a `source`, which the text gives as JSON.

    Raises:
        TemplateError: It is no Python, or nested too deep.
    """
    given = json.loads(text)
    try:
        blocks = Blocks(parsed(given["source"]).tree)
        functions = given.get("functions", ())
        forms = Forms(given["names"], blocks.all, blocks.sent.calls, functions)
        return told_forms(forms, blocks.sent.slots, blocks.sent.alterings)
    except RecursionError:
        what = "expressions or blocks of this Python source are nested too deep"
        raise TemplateError(what, "write them flatter", line=1) from None
