"""What drifts: for the terminal, as Markdown and JSON, as a page, and as an issue."""
