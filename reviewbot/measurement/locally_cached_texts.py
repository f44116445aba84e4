"""Rendered texts that an earlier review has kept, so that no rendering process is needed.

What is kept is what the process gave of all templates that were rendered together, but no
problems. Kept texts draw on the limits of a review as they did when they were rendered, so that no
verdict depends on what is kept.
"""

import sys
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, islice

import msgspec
from msgspec.structs import replace

from reviewbot.allowance import Allowance
from reviewbot.errors import Problem
from reviewbot.local_cache import Cache
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits

_KIND = b"texts"
_TEXTS_BYTES = Limits().texts_bytes

Results = Sequence[tuple[Rendered | Problem, ...]]
"""For each job, what each of its sets of variables gave."""


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    """What jobs gave, and the seconds of the processor that they took beyond their free ones."""

    results: Sequence[tuple[Rendered, ...]]
    slow_seconds: float


_decoder = msgspec.msgpack.Decoder(_Entry)


class CachedTexts:
    """Reads and keeps the texts of jobs that are rendered together."""

    def __init__(self, cache: Cache, allowance: Allowance) -> None:
        self._cache = cache
        self._allowance = allowance

    def get(self, jobs: Collection[Job], process: RenderingProcess) -> Results | None:
        """The texts that are kept; they count as if the `process` had rendered them.

        None too where the review, the process, or what is rendered together has not that much left:
        then the process tells.
        """
        key = self._key(jobs)
        data = self._cache.get(_KIND, key) if key and not process.is_used_up else None
        if data is None:
            return None
        try:
            entry = _decoder.decode(data)
        except msgspec.DecodeError:
            return None
        texts = [result.text for results in entry.results for result in results]
        characters = sum(map(len, texts))
        is_room = sum(map(sys.getsizeof, texts)) < _TEXTS_BYTES
        if not is_room or not self._allowance.covers(characters):
            return None
        self._allowance.spend(characters=characters)
        process.spending.draw(entry.slow_seconds)
        return entry.results

    def rendered(
        self, groups: Sequence[Collection[Job]], process: RenderingProcess
    ) -> list[Results] | None:
        """What the process gives of each group of jobs; kept if there is no problem in it.

        None where several groups have more text than the process may hold together.
        """
        done = process.render(chain.from_iterable(groups))
        found: list[Results] = []
        for jobs in groups:
            before = process.spending.computed_slowly
            results = list(islice(done, len(jobs)))
            found.append(results)
            key = self._key(jobs)
            if key and all(isinstance(item, Rendered) for of_job in results for item in of_job):
                texts = [list(map(_without_tokens, of_job)) for of_job in results]
                entry = [texts, process.spending.computed_slowly - before]
                with suppress(UnicodeEncodeError):  # a lone surrogate
                    self._cache.put(msgspec.msgpack.encode(entry), _KIND, key)
        return None if process.is_full and len(groups) > 1 else found

    def _key(self, jobs: Collection[Job]) -> bytes | None:
        """What the texts depend on; None where that is not known, or nothing is kept."""
        if not self._cache.is_kept:
            return None
        parts = []
        for job in jobs:
            if job.includes is None:
                return None
            named = (job.engine, job.path, job.first_line, job.is_in_lines, job.undefined)
            asked = (job.marked, sorted(job.marked_files.items()), job.records_choices)
            texts = (job.text, asked, job.options, sorted(job.includes.items()))
            parts.append((named, texts, [_digest(text) for text in job.variables]))
        try:
            return blake2b(msgspec.msgpack.encode(parts), digest_size=32).digest()
        except UnicodeEncodeError:
            return None


def _without_tokens(item: Rendered | Problem) -> Rendered | Problem:
    """The text without what is kept elsewhere."""
    is_text = isinstance(item, Rendered)
    return replace(item, tokens=None, beginning_tokens=None) if is_text else item


@lru_cache(maxsize=1_000)
def _digest(variables: str) -> bytes:
    return blake2b(variables.encode(), digest_size=32).digest()
