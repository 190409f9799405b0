"""Spell a schema as JSON: from the IR to the layout tree."""

from collections.abc import Iterable
from dataclasses import replace

from scaffold.garbage import uncollected
from scaffold.layout.hints import field_hint, root_hint
from scaffold.layout.pieces import (
    At,
    Choice,
    Const,
    Joined,
    Later,
    Layout,
    Maybe,
    Piece,
    Repeat,
    Row,
    Slot,
    Text,
)
from scaffold.schema import canonical, ir

LOOK_AHEAD = 2
ANY = "#any"
_QUOTE, _AFTER_KEY = Text('"'), Text('":')
_ARRAY, _OBJECT = (Text("["), Text("]")), (Text("{"), Text("}"))
_ANY_SCALAR = ir.Union((ir.String(), ir.Number(), ir.Boolean(), ir.Null()))
_SCALARS = (ir.String, ir.Number, ir.Boolean, ir.Null, ir.Enum)


@uncollected
def lay_out(schema: ir.Schema) -> Layout:
    """Lay out a whole schema; definitions are laid out side by side and joined by `Later`."""
    spell = _Speller(schema)
    definitions = {name: spell.value(node) for name, node in schema.definitions.items()}
    root = Row((*root_hint(schema.resolve(schema.root)), spell.value(schema.root)))
    return Layout(root, definitions | {ANY: _anything()})


def _quoted(slot: Slot) -> Piece:
    return Row((_QUOTE, slot, _QUOTE))


def _array(items: Repeat) -> Piece:
    return Row((_ARRAY[0], Joined("array", (items,)), _ARRAY[1]))


def _object(members: Iterable[Piece], least: int = 0, most: int | None = None) -> Piece:
    return Row((_OBJECT[0], Joined("object", tuple(members), least, most), _OBJECT[1]))


def _entry(key: ir.String, value: Piece) -> Piece:
    return Row((_QUOTE, Slot(key, "key"), _AFTER_KEY, value))


def _anything() -> Piece:
    """Any JSON: a scalar, an array or an object of such."""
    again = Later(ANY)
    entries = At(-1, Repeat((), _entry(ir.String(), again)))
    return Choice((Slot(_ANY_SCALAR, is_bare=True), _array(Repeat((), again)), _object((entries,))))


class _Speller:
    """The walk from nodes to pieces, with the schema at hand to look through references."""

    def __init__(self, schema: ir.Schema) -> None:
        self.schema = schema

    def value(self, node: ir.Node) -> Piece:
        match node:
            case ir.String():
                return _quoted(Slot(node))
            case ir.Number() | ir.Boolean():
                return Slot(node)
            case ir.Null():
                return Const("null")
            case ir.Enum():
                return self.enum(node)
            case ir.Array():
                return self.array(node)
            case ir.Object():
                return self.object(node)
            case ir.Union():
                return self.union(node)
            case ir.Any():
                return Later(ANY)
            case ir.Ref():
                return Later(node.name)

    def enum(self, node: ir.Enum) -> Piece:
        if len(node.literals) == 1:
            return Const(node.literals[0])
        if "null" in node.literals:
            rest = tuple(literal for literal in node.literals if literal != "null")
            return Maybe(self.enum(ir.Enum(rest, node.about)), absent="null")
        if all(literal.startswith('"') for literal in node.literals):
            return _quoted(Slot(node))
        return Slot(node)

    def array(self, node: ir.Array) -> Piece:
        heads = tuple(self.value(head) for head in node.prefix)
        rest = None if node.items is None else self.value(node.items)
        return _array(Repeat(heads, rest, node.min_items, node.max_items, LOOK_AHEAD))

    def object(self, node: ir.Object) -> Piece:
        is_counted = _is_counted(node)
        members: list[Piece] = [self.member(field, is_counted=is_counted) for field in node.fields]
        ahead = 0 if node.is_open and node.fields else LOOK_AHEAD
        for index, extra in enumerate(node.extras):
            entry = _entry(extra.key, self.value(extra.value))
            members.append(At(-1 - index, Repeat((), entry, ahead=ahead, is_counted=is_counted)))
        return _object(members, node.min_properties, node.max_properties) if is_counted else _object(members)

    def member(self, field: ir.Field, *, is_counted: bool) -> At:
        value = self.value(field.node)
        key = Text(canonical.dumps(field.name) + ":")
        row = Row((key, *field_hint(field, self.schema), value))
        if field.is_required:
            return At(field.name, row)
        is_kept = isinstance(value, Maybe) and field.default is None
        return At(field.name, Maybe(row, is_kept=is_kept, is_counted=is_counted))

    def union(self, node: ir.Union) -> Piece:
        branches = [b for b in node.branches if b != ir.Null(b.about)]
        if len(branches) < len(node.branches):
            if not branches:
                return Const("null")
            rest = ir.Union(tuple(branches), node.discriminator, node.about)
            return Maybe(self.union(rest), absent="null")
        if node.about.quote:
            branches = [_marked(b) for b in branches]
        if len(branches) == 1:
            return self.value(branches[0])
        scalars = tuple(b for b in branches if isinstance(b, _SCALARS) and not _is_quotation(b))
        if len(scalars) == len(branches):
            return Slot(node, is_bare=True)
        if node.discriminator is not None:
            return self.discriminated(node, node.discriminator)
        others = tuple(self.value(b) for b in branches if b not in scalars)
        return Choice((*self.scalar_branch(scalars), *others)) if scalars or len(others) > 1 else others[0]

    def scalar_branch(self, scalars: tuple[ir.Node, ...]) -> tuple[Piece, ...]:
        if len(scalars) < 2:
            return tuple(self.value(s) for s in scalars)
        return (Slot(ir.Union(scalars), is_bare=True),)

    def discriminated(self, node: ir.Union, name: str) -> Piece:
        literals = tuple(self.literals_of(branch, name) for branch in node.branches)
        merged = ir.Enum(tuple(literal for group in literals for literal in group))
        undecided = _object((At(name, Row((Text(canonical.dumps(name) + ":"), _branch_slot(merged)))),))
        return Choice(tuple(self.value(b) for b in node.branches), literals, undecided)

    def literals_of(self, branch: ir.Node, name: str) -> tuple[str, ...]:
        target = self.schema.resolve(branch)
        assert isinstance(target, ir.Object), "a discriminated branch is an object"
        (node,) = (f.node for f in target.fields if f.name == name)
        tag = self.schema.resolve(node)
        assert isinstance(tag, ir.Enum), "a discriminator is a const or an enum"
        return tag.literals


def _is_quotation(node: ir.Node) -> bool:
    """Whether a text has to be a quotation: it needs a slot of its own."""
    return isinstance(node, ir.String) and node.about.quote is True


def _marked(node: ir.Node) -> ir.Node:
    """A text or number that has to be a quotation as the union that it belongs to has to be one."""
    if isinstance(node, ir.String | ir.Number) and node.about.quote is None:
        return replace(node, about=replace(node.about, quote=True))
    return node


def _branch_slot(merged: ir.Enum) -> Piece:
    slot = Slot(merged, "branch")
    return _quoted(slot) if all(literal.startswith('"') for literal in merged.literals) else slot


def _is_counted(node: ir.Object) -> bool:
    """Whether what is optional has to be counted."""
    needed = sum(field.is_required for field in node.fields)
    most = node.max_properties
    return node.min_properties > needed or (most is not None and (bool(node.extras) or len(node.fields) > most))
