"""The parser of the command line, which says what a misspelt word was probably meant to be."""

import argparse
import difflib
import re
from collections.abc import Iterable, Mapping
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """argparse's parser, with "did you mean" in its errors; `commands` are those that it has."""

    commands: Mapping[str, argparse.ArgumentParser] = {}

    def error(self, message: str) -> NoReturn:
        """End with code 2, and say what is wrong."""
        super().error(f"{message}{self._meant(message)}")

    def _meant(self, message: str) -> str:
        if chosen := re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message):
            return _near(chosen[1], re.findall(r"[\w-]+", chosen[2]))
        if unknown := re.match(r"unrecognized arguments: .*?(--?[\w-]+)", message):
            usages = [self, *self.commands.values()]
            options = [re.findall(r"--[\w-]+", item.format_usage()) for item in usages]
            return _near(unknown[1], [option for found in options for option in found])
        return ""


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean `{near[0]}`?" if near else ""
