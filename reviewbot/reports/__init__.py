"""The outputs: each renders one `Report` value, and decides nothing."""
