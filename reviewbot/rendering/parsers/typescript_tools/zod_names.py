"""Which expressions are schemas of zod: chains that begin with its name, or with another schema."""

import re

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.syntax import unwrapped
from reviewbot.rendering.parsers.typescript_tools.values import DEEPEST, Values

_ZOD = re.compile(r"(?:@[\w-]{1,60}/)?zod(?:[/-]|\Z)")
_REQUIRED = re.compile(r"""require\(["']zod(?:/[\w.-]{1,60})?["']\)""")
_LONGEST_REQUIRE = 200


class ZodNames(Values):
    """Tells the schemas among the expressions of one file."""

    def is_zod(self, node: Node, scope: Scope, depth: int = 0) -> bool:
        """Whether an expression is a chain of calls that begins with `z.` or another schema."""
        root = root_of(node)
        if root.type != "identifier" or depth > DEEPEST:
            return False
        if self.is_library(root):
            return True
        if root.id == unwrapped(node).id or unwrapped(node).type != "call_expression":
            return False
        if (told := self.elsewhere(root, scope)) is not None:
            there, inner, where = told
            return there.is_zod(inner, where, depth + 1)
        inner, where = self.resolved(root, scope)
        return inner.id != root.id and self.is_zod(inner, where, depth + 1)

    def is_library(self, node: Node) -> bool:
        """Whether a name is zod's: called so, or imported from it under another name."""
        name = self.source.text(node)
        found = self.scopes.module.resolve(name)
        if found is not None and found.imported is not None:
            return _ZOD.match(found.imported[0]) is not None
        made = found.value if found is not None else None
        return name in {"z", "zod"} or (
            made is not None
            and made.end_byte - made.start_byte < _LONGEST_REQUIRE
            and _REQUIRED.search(self.source.text(made)) is not None
        )


def root_of(node: Node) -> Node:
    """What a chain of calls begins with."""
    while True:
        node = unwrapped(node)
        inner = node.child_by_field_name("function") or node.child_by_field_name("object")
        if inner is None:
            return node
        node = inner
