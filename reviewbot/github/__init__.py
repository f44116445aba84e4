"""The review on GitHub: events, commits, approvals, comment, annotations; the API is one edge."""
