"""Finds the prompts of a repository, and which of them make one call, for a first configuration."""
