"""The names of Python source on which `.format` is called."""

import ast
from collections import Counter

from reviewbot.rendering.parsers.python_source.blocks import Blocks, Function
from reviewbot.rendering.parsers.python_source.scopes import Steps, steps_of


def formatted(nodes: list[ast.AST], blocks: Blocks) -> frozenset[Steps]:
    """The names on which `.format` is called, without the object or class that they belong to.

    A name of a function's own stands behind the function's name. A name that stands for another
    (`template = PROMPTS["a"]`) counts for both.
    """
    called: set[Steps] = set()
    others: dict[Steps, Steps] = {}
    around: dict[ast.AST, tuple[str, Counter[str]]] = {}
    for function in nodes:
        if isinstance(function, Function):
            bound = blocks.bound(function)
            around |= dict.fromkeys(blocks.own(function.body), (function.name, bound))

    def named(node: ast.AST, value: ast.expr) -> Steps:
        steps = steps_of(value)
        if steps[:1] in {("self",), ("cls",)}:
            return steps[1:]
        function, bound = around.get(node, ("", Counter[str]()))
        return (function, *steps) if steps and bound[steps[0]] else steps

    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr="format" | "format_map")):
                called.add(named(node, value))
            case ast.Assign(targets=[ast.Name() as target], value=value):
                others[named(node, target)] = named(node, value)
    called |= {others[steps] for steps in called if steps in others}
    return frozenset(steps for steps in called if steps)
