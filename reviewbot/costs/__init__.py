"""What tokens cost: rates, a call, a month, and the tiers of models."""
