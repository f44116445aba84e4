"""What a change concerns: which configuration governs, and which workflows are affected."""
