"""Logs of real calls: read, aggregated to integers, and held against what is configured."""
