"""The commands, one module each: from parsed arguments to an exit code."""
