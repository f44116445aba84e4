"""What a workflow's call is made of: prompt files, what they include, and samples."""
