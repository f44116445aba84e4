"""Prompts of workflows that changed code sends otherwise than as they stand."""
