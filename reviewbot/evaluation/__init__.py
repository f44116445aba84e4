"""One workflow before and after the change: its figures, what moved them, and its verdict."""
