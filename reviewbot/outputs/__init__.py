"""What people and programs read of a review: a module or a folder for each format."""
