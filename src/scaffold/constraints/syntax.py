r"""The tree of a pattern: a closed set of nodes.

Where the dialects of validators disagree (ECMA-262, Python `re`, Rust `regex`), a class such as `\d` has a narrow
meaning, what matches in every dialect, and a wide one, what matches in any.
"""

from dataclasses import dataclass
from functools import lru_cache

from scaffold.constraints import characters
from scaffold.constraints.characters import CodePoints


@dataclass(frozen=True, slots=True)
class Characters:
    """One character of a set, or one outside of it: `points` and named classes ("d", "S", "p{L}"; "n": line ends)."""

    points: CodePoints
    classes: frozenset[str] = frozenset()
    is_negated: bool = False

    def meaning(self, *, is_wide: bool) -> CodePoints:
        """What matches in any dialect, or else in all of them."""
        return _meaning(self, is_wide)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items one after the other."""

    items: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the options."""

    options: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`item` from `low` to `high` times; None: without end."""

    item: "Tree"
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What follows matches `body`, or does not."""

    body: "Tree"
    is_negative: bool


@dataclass(frozen=True, slots=True)
class Start:
    """The start of the text."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of the text."""


@dataclass(frozen=True, slots=True)
class Border:
    """A border of a word, or no border."""

    is_negative: bool


DOT = Characters(characters.NONE, frozenset({"n"}), is_negated=True)
"""Any character but a line end."""
Tree = Characters | Sequence | Choice | Repeat | Ahead | Start | End | Border


@lru_cache(maxsize=4096)
def _meaning(tree: Characters, is_wide: bool) -> CodePoints:
    inner_wide = is_wide != tree.is_negated
    classes = (_class_points(name, inner_wide) for name in tree.classes)
    points = characters.union(tree.points, *classes)
    return characters.complement(points) if tree.is_negated else points


def _class_points(name: str, is_wide: bool) -> CodePoints:
    if name[0] in "DWSP":
        return characters.complement(_class_points(name[0].lower() + name[1:], not is_wide))
    match name[0]:
        case "d":
            return characters.digit_anywhere() if is_wide else characters.DIGIT
        case "w":
            return characters.word_anywhere() if is_wide else characters.WORD
        case "n":
            return characters.LINE_ENDS if is_wide else characters.NEWLINE
        case "s":
            return characters.SPACE_ANYWHERE if is_wide else characters.SPACE
        case _:
            found = characters.unicode_property(name[2:-1])
            assert found is not None, "the parser lets no unknown property through"
            return found[is_wide]
