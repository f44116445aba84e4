"""What several template languages share."""
