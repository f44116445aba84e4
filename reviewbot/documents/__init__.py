"""YAML and JSON text, which may be hostile, as a tree of nodes that know their lines.

Configuration, samples, chat messages, `.prompt.yml` files and tool definitions are all read here.
Nothing is taken that can grow, run or mean two things: no tags or directives, no key twice, no
number that is not finite. Anchors, aliases and merge keys are taken only in the data of a program
that a prompt is a part of; what they repeat counts as if it were written again.
"""

from reviewbot.documents.json_text import parse_json
from reviewbot.documents.nodes import (
    MAX_CHARACTERS,
    MAX_DEPTH_LEVELS,
    MAX_NODES,
    Entry,
    ListNode,
    MappingNode,
    Node,
    Scalar,
    plain,
)
from reviewbot.documents.number_text import MAX_INTEGER_DIGITS
from reviewbot.documents.yaml_text import parse_yaml

__all__ = [
    "MAX_CHARACTERS",
    "MAX_DEPTH_LEVELS",
    "MAX_INTEGER_DIGITS",
    "MAX_NODES",
    "Entry",
    "ListNode",
    "MappingNode",
    "Node",
    "Scalar",
    "parse_json",
    "parse_yaml",
    "plain",
]
