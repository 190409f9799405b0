"""Write a schema as a union of cases: references followed, `allOf` merged, unions distributed."""

from collections.abc import Callable, Collection, Iterable, Mapping

from scaffold.errors import Path, SchemaError
from scaffold.schema import ir, values
from scaffold.schema.cases import EVERYTHING, NO_ABOUT, Case, Complement, Expansion, is_trivial, merge, merge_about
from scaffold.schema.facets import about, own_case
from scaffold.schema.overlap import excludes_each_other, is_possible
from scaffold.schema.records import Records
from scaffold.schema.refs import EndlessReferenceError, References, Site, UnknownDocumentError
from scaffold.schema.support import known_keywords
from scaffold.schema.unevaluated import silent

MAX_CASES = 64
MAX_MERGES = 200_000
PRUNE_FROM = 5
MAX_LOOK = 2
MAX_BLAMED = 16
_KNOWN = {draft: known_keywords(draft) for draft in (4, 6, 7, 2019, 2020)}
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_APPLICATORS = frozenset(
    {
        *_REFERENCES,
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "dependentRequired",
        "dependentSchemas",
        "dependencies",
        "unevaluatedProperties",
        "unevaluatedItems",
    }
)


class Expander:
    """Expands the sites of one document, each once."""

    def __init__(
        self,
        references: References,
        applicators: "Mapping[str, Applicator]",
        negate: "Negate",
        *,
        omits_unresolved: bool = False,
    ) -> None:
        self._omits_unresolved = omits_unresolved
        self.references, self.records = references, Records()
        self._applicators, self._negate = applicators, negate
        self._complements: dict[tuple[int, int, bool], Complement] = {}
        self._done: dict[tuple[int, int, bool], Expansion] = {}
        self._joined: dict[frozenset[tuple[int, int, bool]], Expansion] = {}
        self._active: set[tuple[object, ...]] = set()
        self._followed: dict[tuple[int, int, bool, str], Site] = {}
        self._kept: list[Site] = []  # so that an id() in a key is never used twice
        self._merges = self._looking = 0
        self.exclusive: list[tuple[Site, list[tuple[Case, ...]]]] = []
        """Where `oneOf` stands, with the cases of its branches."""
        self.unresolved: dict[Path, UnknownDocumentError] = {}

    def expand(self, site: Site) -> Expansion:
        """The cases of one site.

        Raises:
            SchemaError: a reference leads back to itself, or a keyword is malformed.
        """
        key = site.key
        if key in self._done:
            return self._done[key]
        if key in self._active:
            hint = "put the reference below a property or an item, so that values get smaller"
            raise EndlessReferenceError(site.path, "the schema leads back to itself before any value is reached", hint)
        self._active.add(key)
        self._kept.append(site)
        try:
            found = self._expand(site)
        except UnknownDocumentError as error:
            if not self._omits_unresolved:
                raise
            # What the site asks is not known, so nothing is known to be valid.
            self.unresolved[error.path] = error
            self.records.refuse(error.path, "$ref", f"{error.message}: nothing is offered here")
            found = Expansion((), conflict=(error.path,))
        finally:
            self._active.discard(key)
        self._done[key] = found
        return found

    def check_known(self, sites: Iterable[Site]) -> None:
        """Hold that what the sites ask is known.

        Raises:
            UnknownDocumentError: a reference leads to a document that is not known.
        """
        for site in sites:
            found = self.expand(site)
            unknown = [self.unresolved[path] for path in found.conflict if path in self.unresolved]
            if not found.cases and unknown:
                raise unknown[0]

    def complement(self, site: Site) -> Complement:
        """What is left when a site must not hold.

        Raises:
            SchemaError: as `expand`.
        """
        key = (id(site.schema), id(site.scope), not site.is_negated)
        if key not in self._complements:
            self._kept.append(site)
            guard = (*key, "complement")
            if guard in self._active:
                raise EndlessReferenceError(site.path, "`not` leads back to itself", "remove the reference")
            self._active.add(guard)
            try:
                self._complements[key] = self._negate(self, site)
            finally:
                self._active.discard(guard)
        return self._complements[key]

    def all_of(self, sites: Iterable[Site]) -> Expansion:
        """The cases in which all sites hold; what multiplies beyond the cap is left to the check."""
        distinct = {site.key: site for site in sites}
        if len(distinct) == 1:
            return self.expand(*distinct.values())
        return self._all_of(tuple(distinct.values()))

    def _all_of(self, sites: tuple[Site, ...]) -> Expansion:
        """Grow the longest known beginning of `sites` by one site at a time."""
        keys = [site.key for site in sites]
        known = next((n for n in range(len(sites), 0, -1) if frozenset(keys[:n]) in self._joined), 0)
        found = self._joined[frozenset(keys[:known])] if known else EVERYTHING
        for count in range(known, len(sites)):
            found = self._grown(found, sites[count])
            self._joined[frozenset(keys[: count + 1])] = found
        return found

    def _grown(self, found: Expansion, site: Site) -> Expansion:
        more = self.expand(site)
        is_full = len(found.cases) >= MAX_CASES and len(more.cases) > 1
        grown, is_whole = (found, False) if is_full else self.product(found, more)
        if not is_whole:
            self.records.weaken(site, "the choices multiply beyond the cap")
        return grown

    def product(self, left: Expansion, right: Expansion) -> tuple[Expansion, bool]:
        """The cases in which both hold, and whether that is exact: a product beyond the cap is `left` alone."""
        outer = merge_about(left.about, right.about)
        tag = left.discriminator or right.discriminator
        for one, other in ((left, right), (right, left)):
            if len(one.cases) == 1 and is_trivial(one.cases[0]):
                inner = merge_about(outer, one.cases[0].about)
                return Expansion(other.cases, inner, other.conflict, tag), True
        found = [merge(a, b) for a, b in self._pairs(left, right)]
        alive = [case for case in found if case.types]
        if len(found) >= PRUNE_FROM and self._looking < MAX_LOOK:
            self._looking += 1
            alive = [case for case in alive if is_possible(self, case)]
            self._looking -= 1
        if len(alive) > max(MAX_CASES, len(left.cases), len(right.cases)):
            return left, False
        conflict = left.conflict or right.conflict or (_conflict(found) if not alive else ())
        return Expansion(tuple(alive), outer, conflict, tag), True

    def _pairs(self, left: Expansion, right: Expansion) -> list[tuple[Case, Case]]:
        self._merges += len(left.cases) * len(right.cases)
        if self._merges > MAX_MERGES:
            hint = "write fewer nested unions"
            raise SchemaError((), f"the unions of the schema multiply to more than {MAX_MERGES} cases", hint)
        return [(a, b) for a in left.cases for b in right.cases]

    def _expand(self, site: Site) -> Expansion:
        if site.is_negated:
            return Expansion(tuple(map(silent, self.complement(site._replace(is_negated=False)).cases)))
        if isinstance(site.schema, bool):
            return EVERYTHING if site.schema else Expansion((), conflict=(site.path,))
        known = _KNOWN[site.scope.draft]
        keywords = site.schema.keys() & known
        if "$ref" in keywords and site.scope.ref_overrides:
            self.records.add(site, ("$ref",))
            return self._under(about(site), self.referenced(site, "$ref"))
        self.records.add(site, tuple(key for key in site.schema if key in known))
        if not keywords & _APPLICATORS:
            return _single(own_case(site, self.references, known, about(site)))
        return self._applied(site, keywords, _single(own_case(site, self.references, known), about(site)))

    def _applied(self, site: Site, keywords: set[str], found: Expansion) -> Expansion:
        own = found.about
        for keyword, apply in self._applicators.items():
            if keyword not in keywords:
                continue
            more = apply(self, site, keyword, found)
            if more is None:
                continue
            found, is_whole = self.product(found, more)
            if not is_whole:
                self.records.weaken(site, "the choices multiply beyond the cap", keyword)
        return found._replace(about=merge_about(own, found.about))

    def _under(self, outer: ir.About, found: Expansion) -> Expansion:
        return found if outer == NO_ABOUT else found._replace(about=merge_about(outer, found.about))

    def referenced(self, site: Site, keyword: str) -> Expansion:
        """The cases of what a reference leads to."""
        return self.expand(self.follow(site, keyword))

    def follow(self, site: Site, keyword: str) -> Site:
        """The site that a reference leads to."""
        key = (*site.key, keyword)
        if key not in self._followed:
            follow: dict[str, Callable[[Site], Site]] = {
                "$ref": self.references.target,
                "$dynamicRef": self.references.dynamic_target,
                "$recursiveRef": self.references.recursive_target,
            }
            self._followed[key] = follow[keyword](site)
            self._kept.append(site)
        return self._followed[key]

    def union(self, sites: list[Site]) -> Expansion:
        """The cases in which at least one site holds."""
        parts = [self.expand(site) for site in sites]
        cases = dict.fromkeys(case for part in parts for case in _labelled(part))
        conflict = tuple(dict.fromkeys(path for part in parts for path in part.conflict))
        return Expansion(tuple(cases), NO_ABOUT, () if cases else conflict)

    def weaken_overlaps(self) -> None:
        """Leave to the check what `oneOf` asks beyond `anyOf`, unless its branches plainly exclude each other."""
        for site, branches in self.exclusive:
            if not excludes_each_other(self, branches):
                self.records.weaken(site, "a value may satisfy two branches", "oneOf")


Applicator = Callable[[Expander, Site, str, Expansion], Expansion | None]
Negate = Callable[[Expander, Site], Complement]


def _labelled(part: Expansion) -> tuple[Case, ...]:
    """The cases of a union branch with the branch's own annotations."""
    if part.about == NO_ABOUT or len(part.cases) != 1:
        return part.cases
    (case,) = part.cases
    label = merge_about(part.about, case.about)
    return part.cases if label == case.about else (case._replace(about=label),)


def _single(case: Case, outer: ir.About = NO_ABOUT) -> Expansion:
    if case.types:
        return Expansion((case,), outer)
    return Expansion((), outer, _conflict([case]))


def _conflict(cases: list[Case]) -> tuple[Path, ...]:
    """The keywords that may have excluded each other."""
    return written((site for case in cases[:MAX_BLAMED] for site in case.sources[:MAX_BLAMED]), values.BOUNDING)


def written(sites: Iterable[Site], keywords: Collection[str]) -> tuple[Path, ...]:
    """Where those of `keywords` stand that the sites use; a boolean schema stands for itself."""
    found: list[Path] = []
    for site in dict.fromkeys(sites):
        if isinstance(site.schema, dict):
            found.extend((*site.path, key) for key in site.schema if key in keywords)
        else:
            found.append(site.path)
    return tuple(dict.fromkeys(found))
