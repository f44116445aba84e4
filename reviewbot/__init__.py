"""reviewbot reviews what a change of prompts will cost, before it is merged."""

__version__ = "0.1.0"
