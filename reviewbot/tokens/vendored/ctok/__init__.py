"""The counting part of ctok 1.3.0 (MIT, Sander Land, PyPI `ctok`): see README.md."""
