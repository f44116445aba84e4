"""What stands in a workflow file of GitHub Actions, as nodes that know their lines."""

import re

from reviewbot.documents.nodes import Entry, ListNode, MappingNode, Node, Scalar
from reviewbot.repository.action_workflow import NAME


def entry_of(node: Node | None, key: str) -> Entry | None:
    """The entry of a mapping; None where there is none."""
    entries = node.entries if isinstance(node, MappingNode) else ()
    return next((item for item in entries if item.key == key), None)


def mapping_of(node: Node | None) -> MappingNode:
    """The node where it is a mapping, else an empty one."""
    if isinstance(node, MappingNode):
        return node
    return MappingNode(line=node.line if node else 1, entries=())


def text_of(node: Node | None) -> str:
    """The text of a single value; empty for anything else."""
    return node.text if isinstance(node, Scalar) else ""


def words(node: Node | None) -> tuple[tuple[str, int], ...]:
    """The texts of a list, or the one that stands for it, each with its line."""
    items = node.items if isinstance(node, ListNode) else (node,)
    return tuple((item.text, item.line) for item in items if isinstance(item, Scalar))


def option(step: MappingNode, name: str) -> Entry | None:
    """What stands below `with` of a step."""
    return entry_of(step.get("with"), name)


def is_action(uses: str) -> bool:
    """Whether `OWNER/NAME@COMMIT`, or a workflow of such a repository, is reviewbot's.

    It may be written as GitHub does not take it: as an address, or without its owner.
    """
    parts = action_name(uses).split("/")
    return parts[0] != "." and NAME in parts[min(1, len(parts) - 1)].lower()


def action_name(uses: str) -> str:
    """What stands in front of the version, without the address of GitHub."""
    return _BEHIND_NAME.split(_ADDRESS.sub("", uses), maxsplit=1)[0]


_ADDRESS = re.compile(r"^\s*(?:https?://)?(?:www\.)?github\.com/")
_BEHIND_NAME = re.compile(r"[@:\s]|\.git\b")
