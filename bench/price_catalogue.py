"""Writes the catalogue of prices that ships with reviewbot, from the installed genai-prices.

Usage: python bench/price_catalogue.py. A test holds the file against the locked version.
"""

from msgspec import json

from reviewbot.costs.catalogue import FILE
from reviewbot.costs.installed_catalogue import converted_catalogue, installed_version


def main() -> None:
    data = catalogue_file()
    FILE.write_bytes(data)
    print(f"genai-prices {installed_version()}: {len(data):,} bytes")


def catalogue_file() -> bytes:
    """The file, one model in a line."""
    version = installed_version()
    if version is None:
        raise SystemExit("genai-prices is not installed: .ci/venv requirements-dev.lock")
    return json.encode(converted_catalogue(version)).replace(b',{"id":', b',\n{"id":') + b"\n"


if __name__ == "__main__":
    main()
