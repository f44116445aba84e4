"""What one rendering, and all renderings of a review, may take."""

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """The limits of the rendering process, and what it is for.

    One that `only_parses` does not get the template engines ready, but the `parser`, if that is
    known; one that `counts` gets ready to tell how many tokens a text has.

    `step_seconds` are those of the processor for each compilation, each rendering and each text
    that is parsed, however busy the machine is. `wall_seconds` are the clock's, and only guard
    against a process that waits for ever. `memory_bytes` is the address
    space of the process, of which there are at most two at a time, so that a whole review stays
    below 1 GB; `loads` and `loaded_characters` are for the included files of one template;
    `texts_bytes` is the memory for all texts of one workflow, or of whatever is rendered together.

    A template has `prompt_seconds` free, a microsecond more for each of its characters, and
    `sample_seconds` for each of its samples. What exceeds them is taken from `slow_seconds`, which
    all templates of a process share: a thousand templates of just under a second must not take an
    hour. Honest templates are compiled in a few milliseconds, and rendered in less than
    one. Seconds are those of the processor, so that a busy machine gives the same verdict.
    """

    step_seconds: float = 1.0
    wall_seconds: float = 20.0
    memory_bytes: int = 256 * 1024 * 1024
    output_characters: int = 2_000_000
    loads: int = 1_000
    loaded_characters: int = 4_000_000
    texts_bytes: int = 80 * 1024 * 1024
    prompt_seconds: float = 0.01
    sample_seconds: float = 0.001
    slow_seconds: float = 9.0
    only_parses: bool = False
    parser: str = ""
    counts: bool = False
