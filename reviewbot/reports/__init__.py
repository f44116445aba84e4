"""The outputs. Each renders one `Report`, and decides nothing."""
