"""Lists of words, written as one text."""


def listed(text: str) -> tuple[str, ...]:
    """The entries of `text`: separated by bars where it has any, else by blanks."""
    return tuple(text.split("|" if "|" in text else None))
