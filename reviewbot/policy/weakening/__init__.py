"""The one rule that a change which weakens its own gate needs approval.

`edits` says what a weakening is. `limits`, `traffic`, `rules` and `workflows` apply it to each
setting, `own_edits` leaves out what only the base's branch has edited, and `findings` tells it.
"""
