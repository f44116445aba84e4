"""How languages that are made of Handlebars differ: Handlebars itself and Dotprompt."""

from collections.abc import Mapping

from msgspec import Struct

from reviewbot.rendering.engines import Undefined
from reviewbot.rendering.engines.handlebars.helpers import Helper


class Settings(Struct, frozen=True, kw_only=True):
    """What becomes of missing variables and of `&`, and the helpers beside Handlebars' own.

    `constants` are the names of helpers whose text depends on nothing but their parameters.
    """

    undefined: Undefined
    is_escaping: bool
    helpers: Mapping[str, Helper]
    constants: frozenset[str] = frozenset()
