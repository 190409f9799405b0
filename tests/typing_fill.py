"""What mypy must infer at a call site; checked by mypy, never run."""

from typing import Any, assert_type

from pydantic import BaseModel

import scaffold


class Invoice(BaseModel):
    """A type to ask for."""

    total: float


assert_type(scaffold.fill(Invoice, "Total: 3 €"), Invoice)
assert_type(scaffold.fill(list[int], "1 and 2"), list[int])
assert_type(scaffold.fill({"type": "integer"}, "1"), Any)

filler = scaffold.Filler()
result = filler.fill(Invoice, "Total: 3 €")
assert_type(result, scaffold.FillResult[Invoice])
assert_type(result.value, Invoice)
assert_type(result.fields["/total"].source, tuple[int, int] | None)
for row in filler.fill_many(Invoice, ["a", "b"]):
    assert_type(row, scaffold.FillResult[Invoice] | scaffold.FillFailure)
