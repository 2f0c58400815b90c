"""One small change to one piece of syntax: what a slip of the hand could have made of it.

The one rule: a change is worth trying only if the program could still run with it. Each gives the
text that stands in the place of a node, and words for the report.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """`new` in the place of `node`; `at` is where the report says it was."""

    kind: str
    node: ast.AST
    new: str
    told: str
    at: ast.AST


def changes_of(node: ast.AST) -> Iterator[Change]:
    """Every change to `node` itself; those to its parts are theirs."""
    for change in _CHANGES.get(type(node), ()):
        yield from change(node)


_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


def _comparison(node: ast.Compare) -> Iterator[Change]:
    for place, operator in enumerate(node.ops):
        changed = copy.copy(node)
        changed.ops = [*node.ops]
        changed.ops[place] = _COMPARISONS[type(operator)]()
        yield _replaced("comparison", node, changed)


def _boolean(node: ast.BoolOp) -> Iterator[Change]:
    changed = copy.copy(node)
    changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield _replaced("boolean", node, changed)


def _not(node: ast.UnaryOp) -> Iterator[Change]:
    if isinstance(node.op, ast.Not):
        yield _replaced("boolean", node, node.operand)


def _condition(node: ast.If | ast.While | ast.IfExp) -> Iterator[Change]:
    """A bare name or call that decides; comparisons and operators have changes of their own."""
    if isinstance(node.test, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr):
        yield _replaced("condition", node.test, ast.UnaryOp(ast.Not(), node.test))


def _arithmetic(node: ast.BinOp) -> Iterator[Change]:
    joined = any(isinstance(side, ast.JoinedStr) or _is_text(side) for side in _sides(node))
    if type(node.op) in _ARITHMETIC and not joined:
        changed = copy.copy(node)
        changed.op = _ARITHMETIC[type(node.op)]()
        yield _replaced("arithmetic", node, changed)


def _augmented(node: ast.AugAssign) -> Iterator[Change]:
    if type(node.op) in _ARITHMETIC and not _is_text(node.value):
        changed = copy.copy(node)
        changed.op = _ARITHMETIC[type(node.op)]()
        yield _statement("arithmetic", node, ast.unparse(changed))
    yield _statement("removed", node, "pass")


def _constant(node: ast.Constant) -> Iterator[Change]:
    if isinstance(node.value, bool):
        yield _constant_as(node, not node.value)
    elif isinstance(node.value, int | float):
        yield _constant_as(node, node.value + 1)
        yield _constant_as(node, node.value - 1)


def _returned(node: ast.Return) -> Iterator[Change]:
    if node.value is not None and not _is_none(node.value):
        yield _statement("returned", node, "return None")


def _call(node: ast.Expr) -> Iterator[Change]:
    if isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom):
        yield _statement("removed", node, "pass")


def _stored(node: ast.Assign) -> Iterator[Change]:
    """What is stored in something that outlives the line; without a local name nothing runs."""
    if all(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
        yield _statement("removed", node, "pass")


def _removed(node: ast.stmt) -> Iterator[Change]:
    yield _statement("removed", node, "pass")


def _swapped(node: ast.Dict) -> Iterator[Change]:
    """The values of two neighbours of a table change places."""
    for place in range(len(node.keys) - 1):
        one, other = node.keys[place], node.keys[place + 1]
        values = [*node.values]
        values[place], values[place + 1] = values[place + 1], values[place]
        same = ast.unparse(values[place]) == ast.unparse(values[place + 1])
        if one is None or other is None or same:
            continue
        changed = ast.unparse(ast.Dict(node.keys, values))
        told = f"the values of {ast.unparse(one)} and {ast.unparse(other)} change places"
        yield Change("swapped", node, changed, told, one)


def _left_out(node: ast.Set) -> Iterator[Change]:
    for member in node.elts if len(node.elts) > 1 else ():
        rest = ast.Set([other for other in node.elts if other is not member])
        told = f"{ast.unparse(member)} is left out of the set"
        yield Change("member", node, ast.unparse(rest), told, member)


def _replaced(kind: str, node: ast.expr, changed: ast.expr) -> Change:
    old, new = ast.unparse(node), ast.unparse(changed)
    return Change(kind, node, f"({new})", f"{old} -> {new}", node)


def _constant_as(node: ast.Constant, value: object) -> Change:
    return Change("constant", node, repr(value), f"{node.value!r} -> {value!r}", node)


def _statement(kind: str, node: ast.stmt, new: str) -> Change:
    return Change(kind, node, new, f"{ast.unparse(node)} -> {new}", node)


def _sides(node: ast.BinOp) -> Iterator[ast.expr]:
    for side in (node.left, node.right):
        yield side
        if isinstance(side, ast.BinOp):
            yield from _sides(side)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


_CHANGES: dict[type[ast.AST], tuple[Callable[[Any], Iterator[Change]], ...]] = {
    ast.Compare: (_comparison,),
    ast.BoolOp: (_boolean,),
    ast.UnaryOp: (_not,),
    ast.If: (_condition,),
    ast.While: (_condition,),
    ast.IfExp: (_condition,),
    ast.BinOp: (_arithmetic,),
    ast.AugAssign: (_augmented,),
    ast.Constant: (_constant,),
    ast.Return: (_returned,),
    ast.Expr: (_call,),
    ast.Assign: (_stored,),
    ast.Raise: (_removed,),
    ast.Break: (_removed,),
    ast.Continue: (_removed,),
    ast.Dict: (_swapped,),
    ast.Set: (_left_out,),
}
