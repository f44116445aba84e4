"""The git repository: revisions, files at a revision, what changed between two."""
