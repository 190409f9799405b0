"""From a JSON Schema document to the IR: expand every place that can be reached, build a node for it."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from referencing import Registry

from scaffold.errors import Path, SchemaError, UnresolvableReferenceError, UnsatisfiableSchemaError, pointer
from scaffold.garbage import uncollected
from scaffold.schema import ir
from scaffold.schema.applicators import APPLICATORS
from scaffold.schema.cases import ARRAY, OBJECT, Case, is_trivial
from scaffold.schema.expand import Expander, written
from scaffold.schema.finish import endless, finish
from scaffold.schema.literals import case_literals
from scaffold.schema.lower_array import lower_array
from scaffold.schema.lower_object import lower_object
from scaffold.schema.lower_scalar import lower_scalars, unite
from scaffold.schema.negate import negation
from scaffold.schema.refs import References, Site
from scaffold.schema.values import BOUNDING_ALL, BOUNDING_TEXT

MAX_NODES = 50_000
MAX_INLINE = 12
MAX_SHOWN = 4


IsEmpty = Callable[[ir.String], bool]


def _never(node: ir.String) -> bool:
    del node
    return False


@uncollected
def lower(
    document: dict[str, Any] | bool,
    registry: "Registry[Any] | None" = None,
    is_empty: IsEmpty = _never,
    *,
    omits_unresolved: bool = False,
    asserts_formats: bool = True,
) -> ir.Schema:
    """Lower a JSON Schema; only `registry` is searched for other documents.

    `is_empty` says whether no text satisfies a string's patterns, formats and lengths at once.

    `omits_unresolved`: what a reference into another document describes is left out of every value where the document
    is not found, and the enforcement says so. All values are still valid: what is needed may not be left out.

    `asserts_formats`: else `format` is an annotation.

    Raises:
        SchemaError: a keyword is malformed, a reference leads nowhere, no value is valid, or a limit of size is passed.
    """
    if not isinstance(document, dict | bool):
        raise SchemaError((), f"{type(document).__name__} is not a schema", "a schema is an object, true or false")
    try:
        references = References(document, registry, asserts_formats=asserts_formats)
        return Lowering(references, is_empty, omits_unresolved=omits_unresolved).schema()
    except RecursionError as error:
        raise SchemaError((), "the schema is nested too deeply", "flatten it") from error


class Lowering:
    """The walk over one document; objects and arrays that recur are named and built once."""

    def __init__(self, references: References, is_empty: IsEmpty, *, omits_unresolved: bool = False) -> None:
        self.is_empty = is_empty
        self.expander = Expander(references, APPLICATORS, negation, omits_unresolved=omits_unresolved)
        self._root = references.root
        self._names: dict[tuple[int, int], str] = {}
        self._begun: set[tuple[int, int]] = set()
        self._built: dict[tuple[int, int], ir.Node | None] = {}
        self._pending: deque[tuple[Case, int]] = deque()
        self._scalars: dict[int, tuple[Case, list[ir.Node]]] = {}  # with the case, so that its id() stays its own
        self._taken: set[str] = set()
        self._depth = self._nodes = 0
        self.reason: tuple[Path, ...] = ()
        self._blamed: Path = ()

    def schema(self) -> ir.Schema:
        """The whole schema.

        Raises:
            UnsatisfiableSchemaError: no value is valid.
        """
        root = self.node([self._root])
        while self._pending:
            case, kind = self._pending.popleft()
            self._build(case, kind)
        definitions = {name: self._built[key] for key, name in self._names.items()}
        if root is None:
            raise self._unknown() or self._unsatisfiable()
        found = finish(root, definitions)
        if found is None:
            raise endless(root, definitions)
        self.expander.weaken_overlaps()
        records = self.expander.records
        return replace(found, enforcement=records.enforcement(), strangers=records.strangers)

    def node(self, sites: Iterable[Site]) -> ir.Node | None:
        """The node of all the sites together; None where no value satisfies them."""
        asking = [site for site in sites if not site.allows_all]
        if not asking:
            return ir.Any()
        barred = next((site for site in asking if site.allows_none), None)
        if barred is not None:
            self.blame(barred, (barred.path,))
            return None
        self.reason = ()
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise SchemaError((), f"the schema unfolds to more than {MAX_NODES} places", "write fewer nested unions")
        found = self.expander.all_of(asking)
        branches = [node for case in found.cases for node in self._case(case)]
        if branches:
            return unite(branches, found)
        if not found.cases:
            self.blame(asking[0], found.conflict)
        elif not self.reason:
            self.blame(asking[0], written((site for case in found.cases for site in case.sources), BOUNDING_ALL))
        return None

    def blame(self, site: Site, parts: Iterable[Path]) -> None:
        """Remember the last place that no value satisfies, and what excludes what."""
        self._blamed, self.reason = site.path, tuple(dict.fromkeys(parts))

    def _unknown(self) -> UnresolvableReferenceError | None:
        """The reference without which no value is known to be valid."""
        unresolved = self.expander.unresolved
        return next((unresolved[path] for path in self.reason if path in unresolved), None)

    def _unsatisfiable(self) -> UnsatisfiableSchemaError:
        conflict = self.reason[:MAX_SHOWN]
        shown = " and ".join(pointer(part) or "/" for part in conflict)
        message = f"no value is valid: see {shown}"
        return UnsatisfiableSchemaError(self._blamed, message, "change or remove one of them", conflict)

    def _case(self, case: Case) -> list[ir.Node]:
        """A node per type of the case."""
        if case.literals is not None or not case.types & (OBJECT | ARRAY):
            return self._simple(case)
        if is_trivial(case):
            return [ir.Any(case.about)]
        compound = [self._compound(case, kind) for kind in (OBJECT, ARRAY) if case.types & kind]
        scalars = [node for node in lower_scalars(case) if not self._is_void(node, case)]
        return [*(node for node in compound if node is not None), *scalars]

    def _simple(self, case: Case) -> list[ir.Node]:
        """The nodes of a case without objects and arrays, which are the same wherever it is met."""
        _, known = self._scalars.get(id(case), (case, None))
        if known is not None:
            return known
        if case.literals is None:
            found: list[ir.Node] = [node for node in lower_scalars(case) if not self._is_void(node, case)]
        else:
            texts = case_literals(self.expander, case)
            found = [ir.Enum(texts, case.about)] if texts else []
            if not texts:
                self.blame(case.sources[0], written(case.sources, BOUNDING_ALL))
        if found:  # where there are none, the next one to meet it is told why
            self._scalars[id(case)] = case, found
        return found

    def _is_void(self, node: ir.Node, case: Case) -> bool:
        """Whether the node is a string that no text satisfies."""
        if not isinstance(node, ir.String) or not self.is_empty(node):
            return False
        self.blame(case.sources[0], written(case.sources, BOUNDING_TEXT))
        return True

    def _compound(self, case: Case, kind: int) -> ir.Node | None:
        """An object or array: spelled out where it is met first, a reference from then on."""
        key = id(case), kind
        if key not in self._begun and self._depth < MAX_INLINE:
            return self._build(case, kind)
        if key in self._built and self._built[key] is None:
            return None
        if key not in self._names:
            self._names[key] = self._name(case)
            if key not in self._begun:
                self._begun.add(key)
                self._pending.append((case, kind))
        return ir.Ref(self._names[key])

    def _build(self, case: Case, kind: int) -> ir.Node | None:
        key = id(case), kind
        self._begun.add(key)
        self._depth += 1
        build = lower_object if kind == OBJECT else lower_array
        found = self._built[key] = build(self, case)
        self._depth -= 1
        return found

    def _name(self, case: Case) -> str:
        """A name for a definition: where its schema stands."""
        place = pointer(case.sources[0].path) or "/"
        name, count = place, 1
        while name in self._taken:
            count += 1
            name = f"{place} ({count})"
        self._taken.add(name)
        return name
