"""Fill a JSON Schema from a file: the value is plain Python data, valid under the schema."""

import json
from pathlib import Path

import scaffold

SCHEMA = Path(__file__).parents[1] / "schemas" / "invoice.json"
TEXT = """Invoice 2024-117 from Brightwater Tools to Halvorsen Boats, dated 3 May 2024.
2 x torque wrench at 48.50 EUR each, 1 x bench vise at 129.00 EUR.
Total 226.00 EUR, to be paid by 2 June 2024."""


def main():
    invoice = scaffold.fill(SCHEMA, TEXT, known={"currency": "EUR"})
    print(json.dumps(invoice, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
