"""Values that a schema probably allows: built keyword by keyword, for `strategies.instances` to filter."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any

from hypothesis import strategies as st

Values = st.SearchStrategy[Any]
Schema = Mapping[str, Any]
MAX_DEPTH = 4
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_ABOUT = frozenset({"$defs", "$schema", "$id", "$dynamicAnchor", "$recursiveAnchor"})
KINDS = ("null", "boolean", "integer", "number", "string", "array", "object")
_DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)


def candidates(document: Any) -> Values:
    """Values to try for a whole document."""
    return _Builder(document).values(document, MAX_DEPTH)


class _Builder:
    """The walk from subschemas to strategies, with the document at hand for local references."""

    def __init__(self, document: Any) -> None:
        self.document = document

    def values(self, schema: Any, depth: int) -> Values:
        """Values for one subschema; `depth` counts the containers and references still to be entered."""
        if schema is True:
            return _DATA
        if schema is False or depth < -MAX_DEPTH:
            return st.nothing()
        for expand in (self.reference, self.options, self.merged, self.conditional):
            found = expand(schema, depth)
            if found is not None:
                return found
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        return st.one_of([self.kind(kind, schema, depth) for kind in _kinds(schema)])

    def reference(self, schema: Schema, depth: int) -> Values | None:
        keyword = next((keyword for keyword in _REFERENCES if isinstance(schema.get(keyword), str)), None)
        if keyword is None:
            return None
        target = self.target(schema[keyword])
        rest = {key: value for key, value in schema.items() if key not in {keyword, *_ABOUT}}
        whole = _merge(target, rest) if rest else target
        return st.deferred(lambda: self.values(whole, depth - 1))

    def target(self, reference: str) -> Any:
        """What a pointer, an anchor of the document itself, or the name of a definition leads to."""
        target = self.document
        if reference != "#" and not reference.startswith("#/"):
            within = [target, *target.get("$defs", {}).values()]
            names = {"$id": reference, "$dynamicAnchor": reference.lstrip("#")}
            return next(one for one in within if any(one.get(key) == name for key, name in names.items()))
        for step in reference.lstrip("#").split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")  # noqa: PLW2901
            target = target[int(step)] if isinstance(target, list) else target[step]
        return target

    def options(self, schema: Schema, depth: int) -> Values | None:
        keyword = next((k for k in ("anyOf", "oneOf") if k in schema), None)
        if keyword is None:
            return None
        rest = {key: value for key, value in schema.items() if key != keyword}
        options = [_merge(rest, option) for option in schema[keyword]]
        if depth <= 0:
            options = [o for o in options if o is not False and "$ref" not in o] or options
        return st.one_of([self.values(option, depth) for option in options])

    def merged(self, schema: Schema, depth: int) -> Values | None:
        if "allOf" not in schema:
            return None
        whole: Any = {key: value for key, value in schema.items() if key != "allOf"}
        for part in schema["allOf"]:
            whole = _merge(whole, part)
        return self.values(whole, depth)

    def conditional(self, schema: Schema, depth: int) -> Values | None:
        if "if" not in schema:
            return None
        rest = {key: value for key, value in schema.items() if key not in {"if", "then", "else"}}
        holds = _merge(_merge(rest, schema["if"]), schema.get("then", True))
        fails = _merge(rest, schema.get("else", True))
        return st.one_of(self.values(holds, depth), self.values(fails, depth))

    def kind(self, kind: str, schema: Schema, depth: int) -> Values:
        match kind:
            case "null":
                return st.none()
            case "boolean":
                return st.booleans()
            case "integer" | "number":
                return _numbers(schema, is_integer=kind == "integer")
            case "string":
                return _strings(schema)
            case "array":
                return self.arrays(schema, depth)
            case _:
                return self.objects(schema, depth)

    def arrays(self, schema: Schema, depth: int) -> Values:
        items = schema.get("items")
        heads = items if isinstance(items, list) else schema.get("prefixItems", ())
        least, most = schema.get("minItems", 0), schema.get("maxItems", len(heads) + 3)
        others = "additionalItems" if isinstance(items, list) else "items"
        rest = schema.get(others, schema.get("unevaluatedItems", True))
        tail = self.values(rest, depth - 1) if rest is not False else st.nothing()
        most = min(most, len(heads)) if rest is False else most
        most = least if depth <= 0 else max(least, most)
        starts = [self.values(head, depth - 1) for head in heads[:most]]

        def build(size: int) -> Values:
            parts = [*starts[:size], *[tail] * (size - len(starts))]
            return st.tuples(*parts).map(list)

        return st.integers(least, most).flatmap(build)

    def objects(self, schema: Schema, depth: int) -> Values:
        required = set(schema.get("required", ()))
        declared = schema.get("properties", {})
        must = {name: self.values(declared.get(name, True), depth - 1) for name in sorted(required)}
        may = {} if depth <= 0 else {n: self.values(s, depth - 1) for n, s in declared.items() if n not in required}
        fixed = st.fixed_dictionaries(must, optional={n: s for n, s in may.items() if not s.is_empty})
        return st.builds(lambda extra, known: extra | known, self.extras(schema, depth), fixed)

    def extras(self, schema: Schema, depth: int) -> Values:
        """Entries that are not declared."""
        most = min(schema.get("maxProperties", 3), 3)
        least = max(0, schema.get("minProperties", 0) - len(schema.get("properties", {})))
        rest = schema.get("additionalProperties", schema.get("unevaluatedProperties", depth > 0))
        kinds = [
            st.dictionaries(st.from_regex(pattern, fullmatch=False), self.values(value, depth - 1), max_size=2)
            for pattern, value in schema.get("patternProperties", {}).items()
        ]
        if rest is not False and (depth > 0 or least):
            names = self.values({"type": "string", **_as_object(schema.get("propertyNames", {}))}, depth)
            kinds.append(
                st.dictionaries(names, self.values(rest, depth - 1), min_size=least, max_size=max(least, most))
            )
        return st.one_of(*kinds) if kinds else st.just({})


def _kinds(schema: Schema) -> tuple[str, ...]:
    kinds = schema.get("type", KINDS)
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def _as_object(schema: Any) -> Schema:
    return schema if isinstance(schema, dict) else {}


def _merge(left: Any, right: Any) -> Any:
    """Both at once, as far as candidates need it; what is missed is filtered later."""
    if left is False or right is False:
        return False
    left, right = _as_object(left), _as_object(right)
    whole = {**left, **right}
    if "properties" in left and "properties" in right:
        shared = {**left["properties"], **right["properties"]}
        both = left["properties"].keys() & right["properties"].keys()
        whole["properties"] = shared | {n: _merge(left["properties"][n], right["properties"][n]) for n in both}
    if "required" in left and "required" in right:
        whole["required"] = [*left["required"], *right["required"]]
    return whole


def _numbers(schema: Schema, *, is_integer: bool) -> Values:
    """Numbers between the bounds, by steps of `multipleOf`; the bounds themselves are likely."""
    step = Fraction(repr(schema["multipleOf"])) if "multipleOf" in schema else Fraction(1 if is_integer else "0.001")
    lower = [Fraction(repr(schema[k])) for k in ("minimum", "exclusiveMinimum") if k in schema]
    upper = [Fraction(repr(schema[k])) for k in ("maximum", "exclusiveMaximum") if k in schema]
    least = max(lower, default=min([Fraction(-1000), *(u - 1000 for u in upper)]))
    most = min(upper, default=max([Fraction(1000), *(u + 1000 for u in lower)]))
    low, high = ceil(least / step), floor(most / step)
    if low > high:
        return st.nothing()
    near = {low, min(low + 1, high), max(low, high - 1), high}
    counts = st.one_of(st.integers(low, high), st.sampled_from(sorted(near)))
    return counts.map(lambda count: _json_number(count * step, is_integer=is_integer))


def _json_number(value: Fraction, *, is_integer: bool) -> float:
    return int(value) if is_integer or value.denominator == 1 else float(value)


def _strings(schema: Schema) -> Values:
    if "format" in schema and schema["format"] in _FORMATS:
        return _FORMATS[schema["format"]]()
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if "pattern" in schema:
        return st.from_regex(schema["pattern"].replace("$", r"\Z"))
    characters = st.characters(codec="utf-8")
    return st.text(characters, min_size=least, max_size=least + 12 if most is None else most)


_SECOND = st.times().map(lambda moment: moment.replace(microsecond=0).isoformat())
_ZONE = st.sampled_from(["Z", "+01:00", "-03:30"])
_FORMATS: Mapping[str, Callable[[], Values]] = {
    "date": lambda: st.dates().map(str),
    "time": lambda: st.builds(str.__add__, _SECOND, _ZONE),
    "date-time": lambda: st.builds("{}T{}{}".format, st.dates(), _SECOND, _ZONE),
    "duration": lambda: st.from_regex(r"\AP([1-9]D(T[1-9]H)?|T[1-9][0-9]?M|[1-9]W)\Z"),
    "email": lambda: st.from_regex(r"\A[a-z]{1,8}(\.[a-z]{1,8})?@[a-z]{1,8}\.(com|org)\Z"),
    "uuid": lambda: st.uuids().map(str),
    "uri": lambda: st.from_regex(r"\Ahttps://[a-z]{1,8}\.(com|org)(/[a-z0-9]{1,5}){0,2}\Z"),
    "uri-reference": lambda: st.from_regex(r"\A(/[a-z0-9]{1,5}){1,2}\Z"),
    "iri": lambda: st.from_regex(r"\Ahttps://[a-zäé]{1,8}\.(com|org)\Z"),
    "iri-reference": lambda: st.from_regex(r"\A(/[a-zäé]{1,5}){1,2}\Z"),
    "hostname": lambda: st.from_regex(r"\A[a-z]{1,8}(\.[a-z0-9]{1,8}){0,2}\Z"),
    "ipv4": lambda: st.ip_addresses(v=4).map(str),
    "ipv6": lambda: st.ip_addresses(v=6).map(str),
    "json-pointer": lambda: st.from_regex(r"\A(/([a-z]|~0|~1){1,4}){0,3}\Z"),
    "relative-json-pointer": lambda: st.from_regex(r"\A(0|[1-9])(#|(/[a-z]{1,3}){0,2})\Z"),
    "regex": lambda: st.sampled_from(["^a+$", "[0-9]{3}", "(x|y)*", ""]),
}
