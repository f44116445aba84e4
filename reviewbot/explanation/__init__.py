"""Which lines cost what, and what would bring a broken limit back."""
