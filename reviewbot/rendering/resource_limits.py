"""What one rendering, and all renderings of a review, may take."""

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """The limits of the rendering process.

    `wall_seconds` is for each compilation and each rendering; `memory_bytes` is the address space
    of the process, of which there are at most two at a time, so that a whole review stays below
    1 GB; `loads` and `loaded_characters` are for the included files of one template.

    Compiling or rendering beyond `prompt_seconds` draws on `slow_seconds`, which all templates of a
    review share: so a thousand templates that each stay just below a second do not take an hour.
    Honest templates are rendered in a millisecond or two.
    """

    wall_seconds: float = 1.0
    memory_bytes: int = 384 * 1024 * 1024
    output_characters: int = 2_000_000
    loads: int = 1_000
    loaded_characters: int = 4_000_000
    prompt_seconds: float = 0.05
    slow_seconds: float = 9.0
