"""Where a reference leads: `$ref`, `$id`, anchors and dynamic references inside one document."""

import reprlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import unquote

from referencing import Registry, exceptions

from scaffold.errors import Path, SchemaError, UnresolvableReferenceError
from scaffold.schema.drafts import SPECIFICATIONS, dialect_of, draft_of

Json: TypeAlias = Any
MAX_DEPTH = 256


class EndlessReferenceError(SchemaError):
    """References lead back to where they started before any value is reached."""


class UnknownDocumentError(UnresolvableReferenceError):
    """A reference leads to another document, which is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The schema resource that a subschema stands in, and the resources entered before it, outermost first."""

    draft: int
    root: Json
    root_path: Path
    resolver: Any = None
    """A `referencing` resolver; None until a reference needs more than a pointer into the root."""
    outer: "tuple[Scope, ...]" = ()

    @property
    def ref_overrides(self) -> bool:
        """Whether the siblings of a `$ref` are ignored."""
        return self.draft <= 7


class Site(NamedTuple):
    """A subschema at its place; `is_negated`: what must not hold there.

    A tuple because a large schema has thousands: a frozen dataclass takes three times as long to make.
    """

    schema: Json
    path: Path
    scope: Scope
    is_negated: bool = False

    def __eq__(self, other: object) -> bool:
        """Whether it is the very same one."""
        return self is other

    def __ne__(self, other: object) -> bool:
        """See `__eq__`."""
        return self is not other

    def __hash__(self) -> int:
        """See `__eq__`."""
        return id(self)

    @property
    def allows_all(self) -> bool:
        """Whether it plainly asks nothing."""
        return self.schema is False if self.is_negated else self.schema is True or self.schema == {}

    @property
    def allows_none(self) -> bool:
        """Whether it plainly can never hold."""
        return self.schema is True or self.schema == {} if self.is_negated else self.schema is False

    @property
    def key(self) -> tuple[int, int, bool]:
        """Equal for sites that mean the same."""
        return id(self.schema), id(self.scope), self.is_negated


class References:
    """Resolves the references of one document; reads nothing but it and the caller's registry."""

    def __init__(
        self, document: Json, registry: "Registry[Any] | None" = None, *, asserts_formats: bool = True
    ) -> None:
        self._document, self._given = document, registry
        self._registry: Registry[Any] | None = None
        self._scopes: dict[tuple[int, ...], Scope] = {}
        self._paths: dict[int, Path] = {}
        self._is_dynamic = registry is not None
        dialect = dialect_of(document, registry)
        self._unused = dialect.unused if asserts_formats else dialect.unused | {"format"}
        self._used: dict[int, Json] = {}
        self.root = Site(self._meant(document), (), Scope(dialect.draft, document, ()))
        self._id_keyword = "id" if dialect.draft == 4 else "$id"

    def child(self, site: Site, *steps: str | int) -> Site:
        """The subschema at `steps` below `site`.

        Raises:
            SchemaError: not a schema, or nested too deeply.
        """
        schema = site.schema
        for step in steps:
            schema = schema[step]
        return self._place(schema, (*site.path, *steps), site.scope)

    def _place(self, schema: Json, path: Path, scope: Scope) -> Site:
        if isinstance(schema, dict):
            if len(path) > MAX_DEPTH:
                raise SchemaError(path[:8], f"nested more than {MAX_DEPTH} levels deep", "flatten the schema")
            if self._id_keyword in schema and schema is not scope.root and _begins_resource(schema, scope):
                scope = self._enter(schema, path, scope)
        elif not isinstance(schema, bool):
            raise SchemaError(path, f"{shown(schema)} is not a schema", "a schema is an object, true or false")
        return Site(self._meant(schema), path, scope)

    def _meant(self, schema: Json) -> Json:
        """The schema without the keywords that its meta-schema gives no meaning; the same one each time."""
        if not self._unused or not isinstance(schema, dict) or self._unused.isdisjoint(schema):
            return schema
        key = id(schema)
        if key not in self._used:
            self._used[key] = {keyword: value for keyword, value in schema.items() if keyword not in self._unused}
        return self._used[key]

    def target(self, site: Site) -> Site:
        """Where the `$ref` of `site` leads.

        Raises:
            UnresolvableReferenceError: it leads nowhere, or outside the document and the registry.
        """
        return self._resolve(_text(site, "$ref"), site, "$ref")

    def recursive_target(self, site: Site) -> Site:
        """Where the `$recursiveRef` of `site` leads: the outermost resource that asks for it."""
        found = self._resolve(_text(site, "$recursiveRef"), site, "$recursiveRef")
        if isinstance(found.schema, dict) and found.schema.get("$recursiveAnchor") is True:
            for scope in (*site.scope.outer, site.scope):
                if isinstance(scope.root, dict) and scope.root.get("$recursiveAnchor") is True:
                    return self._arrive(scope.root, scope.resolver, site, scope.root_path)
        return found

    def dynamic_target(self, site: Site) -> Site:
        """Where the `$dynamicRef` of `site` leads: the outermost resource with that dynamic anchor."""
        reference = _text(site, "$dynamicRef")
        found = self._resolve(reference, site, "$dynamicRef")
        anchor = reference.partition("#")[2]
        if isinstance(found.schema, dict) and anchor and found.schema.get("$dynamicAnchor") == anchor:
            for scope in (*site.scope.outer, site.scope):
                try:
                    resolved = self._resolver(scope).lookup("#" + anchor)
                except exceptions.Unresolvable:
                    continue
                if resolved.contents.get("$dynamicAnchor") == anchor:
                    return self._arrive(resolved.contents, resolved.resolver, site, (anchor,))
        return found

    def _resolve(self, reference: str, site: Site, keyword: str) -> Site:
        scope = site.scope
        if reference == "#" or reference.startswith("#/"):
            found = _follow(reference[1:], scope, self._id_keyword)
            if found is not None:
                return self._place(found[0], found[1], scope)
        try:
            resolved = self._resolver(scope).lookup(reference)
        except (exceptions.Unresolvable, ValueError, TypeError, LookupError) as error:
            message = f"{keyword} {shown(reference)} leads nowhere"
            if reference.startswith("#"):
                raise UnresolvableReferenceError(site.path, message, "correct it, or put its target there") from error
            hint = "pass its document: registry=, or --with; or leave out what is optional: on_unresolved='omit', or "
            hint += "--omit-unresolved"
            raise UnknownDocumentError(site.path, message, hint) from error
        return self._arrive(resolved.contents, resolved.resolver, site, (reference,))

    def _resolver(self, scope: Scope) -> Any:
        """The resolver of `scope`; the document is crawled when the first one is needed."""
        if self._registry is None:
            self._crawl()
        if scope.resolver is not None:
            return scope.resolver
        assert self._registry is not None, "crawled above"
        return self._registry.resolver(self._base)

    def _crawl(self) -> None:
        from jsonschema_specifications import REGISTRY  # noqa: PLC0415  (reads its files, and few schemas need them)

        for value, path in _walk(self._document):
            self._paths[id(value)] = path
            reference = value.get("$ref")
            is_meta = isinstance(reference, str) and "json-schema.org/draft/20" in reference
            self._is_dynamic |= is_meta or "$dynamicRef" in value or "$recursiveRef" in value
        resource = SPECIFICATIONS[self.root.scope.draft].create_resource(self._document)
        known: Registry[Any] = self._given if self._given is not None else Registry()
        try:
            self._base = resource.id() or ""
            self._registry = REGISTRY.combine(known).with_resource(self._base, resource).crawl()
        except (AttributeError, TypeError, ValueError) as error:  # what it raises for keywords of a wrong type
            message = f"the document cannot be searched for $id and anchors: {error}"
            raise SchemaError((), message, "correct the keyword of a wrong type") from error

    def _enter(self, schema: Json, path: Path, scope: Scope) -> Scope:
        """The scope of an embedded resource."""
        specification = SPECIFICATIONS[draft_of(schema, scope.draft)]
        try:
            resolver = self._resolver(scope).in_subresource(specification.create_resource(schema))
        except ValueError as error:
            raise SchemaError((*path, self._id_keyword), f"not a URI: {error}", "write a URI") from error
        return self._scope(schema, path, resolver, scope)

    def _arrive(self, schema: Json, resolver: Any, site: Site, otherwise: Path) -> Site:
        """The site of a resolved reference, in the scope of its own resource."""
        path = self._paths.get(id(schema), otherwise)
        if resolver is None:
            return self._place(schema, path, self.root.scope)
        root = resolver.lookup("#").contents
        scope = self._scope(root, self._paths.get(id(root), otherwise), resolver, site.scope)
        return self._place(schema, path, scope)

    def _scope(self, root: Json, path: Path, resolver: Any, before: Scope) -> Scope:
        outer = tuple(s for s in (*before.outer, before) if s.root is not root) if self._is_dynamic else ()
        distinct = tuple({id(s.root): s for s in outer}.values())
        if root is self._document and not distinct:
            return self.root.scope
        key = (id(root), *(id(s.root) for s in distinct))
        if key not in self._scopes:
            draft = draft_of(root, before.draft)
            self._scopes[key] = Scope(draft, root, path, resolver, distinct)
        return self._scopes[key]


def _begins_resource(schema: dict[str, Json], scope: Scope) -> bool:
    identifier = schema.get("id" if scope.draft == 4 else "$id")
    if not isinstance(identifier, str) or identifier.startswith("#"):
        return False
    return not (scope.ref_overrides and "$ref" in schema)


def _follow(fragment: str, scope: Scope, id_keyword: str) -> tuple[Json, Path] | None:
    """Walk a JSON pointer down from the root of the resource; None if that is not the whole story."""
    value, path = scope.root, scope.root_path
    for raw in fragment.split("/")[1:]:
        part = unquote(raw).replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and part in value:
            value, path = value[part], (*path, part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value, path = value[int(part)], (*path, int(part))
        else:
            return None
        if isinstance(value, dict) and isinstance(value.get(id_keyword), str):
            return None
    return value, path


def _walk(document: Json) -> Iterator[tuple[dict[str, Json], Path]]:
    """Every object of the document with its path."""
    pending: list[tuple[Json, Path]] = [(document, ())]
    while pending:
        value, path = pending.pop()
        if len(path) > MAX_DEPTH:
            raise SchemaError(path[:8], f"nested more than {MAX_DEPTH} levels deep", "flatten the schema")
        if isinstance(value, dict):
            yield value, path
            pending.extend((item, (*path, key)) for key, item in value.items() if isinstance(item, dict | list))
        elif isinstance(value, list):
            pending.extend((item, (*path, i)) for i, item in enumerate(value) if isinstance(item, dict | list))


def _text(site: Site, keyword: str) -> str:
    value = site.schema[keyword]
    if isinstance(value, str):
        return value
    raise SchemaError((*site.path, keyword), f"{shown(value)} is not a reference", "write a URI, such as #/$defs/name")


def shown(value: Json) -> str:
    """A value in few words, for a message."""
    try:
        return reprlib.repr(value)
    except ValueError:
        return "a number of thousands of digits"
