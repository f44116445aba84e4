"""The rendered calls of a workflow, and their tokens."""
