"""The samples of a review as JSON, each written once."""

import json
from threading import Lock

from reviewbot.prompt import Sample

_SAMPLES_KEPT = 1_000


class SampleTexts:
    """Writes samples as JSON, for several threads."""

    def __init__(self) -> None:
        self._texts: dict[int, tuple[Sample, str]] = {}
        self._lock = Lock()

    def of(self, sample: Sample) -> str:
        """The sample's variables as JSON; the same string for the same sample."""
        with self._lock:
            if id(sample) not in self._texts:
                if len(self._texts) >= _SAMPLES_KEPT:
                    self._texts.clear()
                self._texts[id(sample)] = sample, json.dumps(sample.variables)
            return self._texts[id(sample)][1]
