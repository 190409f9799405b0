"""Remember how each keyword that was met is enforced."""

from scaffold.errors import Path
from scaffold.schema import ir
from scaffold.schema.look_alikes import look_alike
from scaffold.schema.refs import Site
from scaffold.schema.support import BY_CONSTRUCTION, CHECKED, CHECKED_FORMATS, FORMATS, PYTHON_FORMATS, REFUSED, SUPPORT

MOST_LOOKED_AT = 10_000
"""Members of one schema that are compared with keywords."""


class Records:
    """Keywords in the order in which they were met, and the exceptions from the table of support."""

    def __init__(self) -> None:
        self._looked = 0
        self._strangers: dict[ir.Stranger, None] = {}
        self._met: list[tuple[Site, tuple[str, ...]]] = []
        self._exceptions: dict[tuple[Path, str], tuple[ir.How, str]] = {}
        self._refused: dict[tuple[Path, str], ir.Enforcement] = {}

    def add(self, site: Site, keywords: tuple[str, ...]) -> None:
        """Note the assertion keywords of a site, and what looks like one."""
        if keywords:
            self._met.append((site, keywords))
        for name in site.schema if isinstance(site.schema, dict) else ():
            keyword = None
            if name not in SUPPORT and self._looked < MOST_LOOKED_AT:
                self._looked += 1
                keyword = look_alike(name, site.scope.draft)
            if keyword is not None:
                self._strangers[ir.Stranger(site.path, name, keyword)] = None

    @property
    def strangers(self) -> tuple[ir.Stranger, ...]:
        """What looks like a keyword and is none."""
        return tuple(self._strangers)

    def weaken(self, site: Site, reason: str, keyword: str | None = None) -> None:
        """A keyword, or whatever the site says, is left to the check."""
        named = (keyword,) if keyword else tuple(site.schema) if isinstance(site.schema, dict) else ()
        for key in named:
            if key in SUPPORT:
                self._exceptions[site.path, key] = (CHECKED, reason)

    def refuse(self, path: Path, keyword: str, reason: str) -> None:
        """No value is offered at a place, because what the keyword asks is not known."""
        self._refused[path, keyword] = ir.Enforcement(path, keyword, REFUSED, reason)

    def strengthen(self, site: Site, keyword: str) -> None:
        """A keyword that is checked in general is by construction here."""
        self._exceptions.setdefault((site.path, keyword), (BY_CONSTRUCTION, ""))

    def enforcement(self) -> tuple[ir.Enforcement, ...]:
        """One record per keyword and place."""
        found: dict[tuple[Path, str], ir.Enforcement] = {}
        for site, keywords in self._met:
            for keyword in keywords:
                name = site.schema["format"] if keyword == "format" else ""
                if keyword == "format" and name not in FORMATS + PYTHON_FORMATS + CHECKED_FORMATS:
                    continue  # an annotation
                place = site.path, keyword
                usual = (CHECKED, f"{name} is no regular language") if name in CHECKED_FORMATS else _usual(keyword)
                how, reason = self._exceptions.get(place, usual)
                found[place] = ir.Enforcement(site.path, keyword, how, reason)
        return tuple((found | self._refused).values())


def _usual(keyword: str) -> tuple[ir.How, str]:
    support = SUPPORT[keyword]
    return support.how, "" if support.how == BY_CONSTRUCTION else "no fixed layout can say it"
