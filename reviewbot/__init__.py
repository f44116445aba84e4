"""reviewbot reviews what a change of prompts will cost, before it is merged."""

import gc

__version__ = "0.1.0"

gc.set_threshold(50_000)
"""Nearly all that a short run makes it keeps: looking for cycles that often found none in 5 ms."""
