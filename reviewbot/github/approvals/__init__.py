"""Approvals: read from GitHub (`given`), judged (`judging`), put into the report (`gathering`)."""
