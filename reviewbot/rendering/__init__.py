"""Templates are rendered in a process of their own, with limits on everything they can take.

`process` is our side, `child` its own; only the child loads `engines` and `parsers` fully.
"""
