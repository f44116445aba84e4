"""What the parsers of several languages share."""
