"""The parser of the command line, which says what a misspelt word was probably meant to be."""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from reviewbot import __version__, commands
from reviewbot.commands._common.told import tell
from reviewbot.console import terminal_columns

_EPILOG = """\
exit codes: 0 pass or warn; 1 a limit is broken or approval is missing; 2 wrong
command line or configuration; 3 something could not be measured; 4 a fault of
reviewbot itself
"""


class Parser(argparse.ArgumentParser):
    """argparse's parser, with "did you mean" in its errors; `commands` are those that it has.

    `words` are those that it is given.
    """

    commands: Mapping[str, argparse.ArgumentParser] = {}
    words: Sequence[str] = ()

    def error(self, message: str) -> NoReturn:
        """End with code 2, and say what is wrong."""
        message = re.sub(r"://\S+", "://…", message)  # a URL may hold a password
        meant = self._meant(message)
        if meant and not meant.endswith(_LISTED):  # what may be chosen is no help then
            message = re.sub(r" \(choose from .*\)", "", message)
        tell(f"{self.prog}: error: {message}{meant}", sys.stderr)
        sys.exit(2)

    def _meant(self, message: str) -> str:
        from reviewbot.commands._common.meant_positionals import meant_positional
        from reviewbot.commands._common.meant_words import (
            meant_choice,
            meant_option,
            near,
            options_first,
            split_argument,
        )

        if swapped := options_first(self.words, dict.fromkeys(commands.names())):
            return swapped
        if chosen := re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message):
            from reviewbot.configuration.usage_settings import LogFormat

            if chosen[1] in list(LogFormat):
                return f"; did you mean `--log-type {chosen[1]}`?"
            return meant_choice(chosen[1], re.findall(r"[\w-]+", chosen[2])) or self._listed()
        if unknown := re.match(r"unrecognized arguments: (.*)", message):
            usages = [self, *self.commands.values()]
            options = [re.findall(r"--[\w-]+", item.format_usage()) for item in usages]
            word = next(iter(re.findall(r"--?[\w-]+", unknown[1])), "")
            usage = "".join(item.format_usage() for item in self.commands.values())
            return (
                split_argument(self.words, usage)
                or meant_option(self.words, unknown[1], usage)
                or self._about_base(word)
                or meant_positional(self.words, unknown[1], usage)
                or self._of_another_command(unknown[1])
                or near(word, [name for found in options for name in found])
                or self._listed()
            )
        if self.words and self.words[0].startswith("--"):
            return near(self.words[0], ["--version", "--help"]) or self._listed()
        return self._about_option(message)

    def _about_option(self, message: str) -> str:
        """What to type where something lacks, or where one option excludes another."""
        if "not allowed with argument" in message:
            return "; leave one of the two out"
        lacking = re.match(r"argument (--[\w-]+)(?:/--[\w-]+)?: expected one argument", message)
        if lacking is None:
            return next((hint for end, hint in _MISSING.items() if message.endswith(end)), "")
        usages = (item.format_usage() for item in (self, *self.commands.values()))
        values = {hit[1]: hit[2] for usage in usages for hit in _WITH_VALUE.finditer(usage)}
        option = lacking[1]
        return f"; write `{option} {values[option]}`" if option in values else ""

    def _about_base(self, option: str) -> str:
        """What to type where a base is given to a command in a way that it does not take."""
        name = next(iter(self.commands)) if len(self.commands) == 1 else ""
        if name and option == "--base":
            return f"; {name} has no --base; to compare: `reviewbot check --base main`"
        return ""

    def _of_another_command(self, given: str) -> str:
        """Which command has the option that this one does not have."""
        option, _, value = given.partition(" ")[0].partition("=")
        name = next(iter(self.commands)) if len(self.commands) == 1 else ""
        if not name or not option.startswith("--"):
            return ""
        if option == "--json":  # of `usage` it is the log's figures
            return f"; {name} has no --json; `reviewbot check --format json` has the figures"
        if not value and option in self.words:
            value = next(iter(self.words[self.words.index(option) + 1 :]), "")
        parsers = parser_of(()).commands
        for other, parser in {"check": parsers["check"], **parsers}.items():
            found = re.search(
                rf"{re.escape(option)}(?![\w-])( [A-Z]| \{{([\w,-]+)\}})?", parser.format_usage()
            )
            if other != name and found:
                is_meant = found[2] is None or value in found[2].split(",")
                is_value = found[1] and is_meant and re.fullmatch(r"\w[\w./-]{0,100}", value)
                shown = f" {value}" if is_value else ""
                return f"; {name} has no {option}; `reviewbot {other} {option}{shown}` has"
        return ""

    def _listed(self) -> str:
        name = next(iter(self.commands)) if len(self.commands) == 1 else ""
        return f"; `{f'{self.prog} {name}'.strip()} --help{_LISTED}"


_LISTED = "` lists what it takes"

_WITH_VALUE = re.compile(r"(--[\w-]{1,40}) ([A-Z][A-Z=]{0,40}|\{[\w,-]{1,400}\})")
"""An option in a usage line, and what it takes."""

_MISSING = {
    "arguments are required: COMMAND": "; begin with `reviewbot cost` (what prompts cost now) or "
    "`reviewbot check` (what the branch changes); `reviewbot --help` lists all",
    "arguments are required: WORKFLOW": "; `reviewbot cost` lists the workflows",
    "arguments are required: of": "; name one of `configuration`, `report`, `baseline`, `failure`",
    "arguments are required: REPORT": "; name the report that `reviewbot check --write json=FILE` "
    "wrote",
}
"""By the end of argparse's message, what to type instead."""


class _Help(argparse.RawDescriptionHelpFormatter):
    """argparse's help; one is made for each option that is declared."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=terminal_columns() - _MARGIN)


_MARGIN = 2
"""As argparse has it."""


def parser_of(words: Sequence[str]) -> Parser:
    """The parser of `words`: of the command that they name, or of all commands."""
    parser = Parser(
        prog="reviewbot",
        description="Reviews what a change of prompts will cost, before it is merged.",
        epilog=_EPILOG,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    parser.words = words
    parser.add_argument("--version", action="version", version=f"reviewbot {__version__}")
    listed = parser.add_subparsers(
        dest="command",
        required=True,
        metavar="COMMAND",
        prog=parser.prog,  # else argparse loads what writes help, to find that out
    )
    names = commands.names()
    for name in words[:1] if words and words[0] in names else names:
        command = commands.by_name(name)
        command.add_arguments(
            listed.add_parser(
                name,
                help=command.HELP,
                epilog=_EPILOG,
                formatter_class=parser.formatter_class,
                allow_abbrev=False,
            )
        )
    parser.commands = listed.choices
    return parser
