"""Samples as the JSON that the rendering process gets; the same string for the same sample."""

import json
from threading import Lock

from reviewbot.prompt import Sample

_SAMPLES_KEPT = 1_000


class SampleTexts:
    """Writes samples as JSON, each once while it is kept; for several threads."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Sample, str]] = {}
        self._lock = Lock()

    def of(self, sample: Sample) -> str:
        """The sample's variables as JSON."""
        with self._lock:
            if id(sample) not in self._known:
                if len(self._known) >= _SAMPLES_KEPT:
                    self._known.clear()
                self._known[id(sample)] = sample, json.dumps(sample.variables)
            return self._known[id(sample)][1]
