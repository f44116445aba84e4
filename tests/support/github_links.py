"""What GitHub makes links and pictures of beside Markdown."""

import re

MADE_BY_GITHUB = re.compile(
    r"@\w|#\d|GH-\d|:(?:[\w+-]*[a-z_][\w+-]*|[+-]1|100|1234):|://|www\.", re.IGNORECASE
)
"""What GitHub makes mentions, references, pictures and links of, once Markdown is read."""
