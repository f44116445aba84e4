"""What the rules say: limits, budgets, growth, and settings that a change weakens."""
