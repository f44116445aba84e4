"""`python -m reviewbot`."""

import sys

if not sys.flags.safe_path:  # the folder that this runs in may hold anything, `yaml.py` too
    del sys.path[0]

from reviewbot.cli import main

sys.exit(main())
