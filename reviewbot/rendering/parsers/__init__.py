"""Parsers that cannot be bounded in our own process: they run in the rendering process.

Each module has `parse(text)`, which gives JSON data or raises a `TemplateError` with a line.
"""
