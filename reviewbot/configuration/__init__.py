"""The configuration: amounts as people write them, the file's shape, and what it says."""

DEFAULT_FILE = ".github/reviewbot.yml"
