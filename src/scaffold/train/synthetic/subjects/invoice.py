"""Made-up texts: an invoice."""

from datetime import timedelta
from random import Random

from scaffold.train.synthetic import things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, Record, ask, ask_records
from scaffold.train.synthetic.said import Said, count, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_CODES = "USD EUR GBP AUD INR CHF MXN BRL"


def _line(rng: Random, speech: Speech) -> tuple[Record, float]:
    quantity, price = rng.randint(1, 24), rng.choice((rng.randrange(100, 90000) / 100, float(rng.randrange(5, 900))))
    total = round(quantity * price, 2)
    record = {
        "item": Said(things.goods(rng)),
        "quantity": count(quantity),
        "price": speech.money(price),
        "amount": speech.money(total),
        "sku": Said(things.code(rng, "ART", "SKU", "P")),
    }
    return record, total


def _payment(rng: Random, *, is_paid: bool) -> Said:
    """Words that say whether the money has come."""
    settled = ("PAID", "This invoice has been settled.", "Payment received with thanks.")
    unsettled = ("UNPAID", "Payment is still open.", "We have not received your payment yet.")
    return cue(rng.choice(settled if is_paid else unsettled), is_paid)


def _invoice(rng: Random, speech: Speech) -> Facts:
    lines = [_line(rng, speech) for _ in range(rng.choice((1, 1, 2, 2, 3, 4, 6)))]
    net, rate = round(sum(total for _, total in lines), 2), rng.choice((5, 7, 10, 19, 20, 21, 22, 23))
    tax = round(net * rate / 100, 2)
    issued = a_day(rng, 2012, 2029)
    seller, buyer = things.company(rng, speech.language), things.company(rng, speech.language)
    return {
        "number": Said(things.code(rng, "INV", "RE", "F", "INVOICE")),
        "issued": speech.date(issued),
        "due": speech.date(issued + timedelta(rng.choice((7, 14, 30, 45, 60)))),
        "delivered": speech.date(issued - timedelta(rng.randint(1, 20))),
        "seller": Said(seller),
        "buyer": Said(buyer),
        "seller_city": Said(things.city(rng, speech.language)),
        "buyer_city": Said(things.city(rng, speech.language)),
        "seller_mail": Said(things.email(rng, seller)),
        "order": Said(things.code(rng, "PO", "ORD", "B")),
        "iban": Said(things.letters(rng, 2) + " ".join(things.digits(rng, count) for count in (2, 4, 4, 4))),
        "net": speech.money(net),
        "tax": speech.money(tax),
        "rate": count(rate),
        "total": speech.money(round(net + tax, 2)),
        "lines": [record for record, _ in lines],
        "paid": _payment(rng, is_paid=rng.random() < 0.5),
    }


_FIELDS = (
    ask("number", "text", "number invoice_number invoice_id invoice_no reference", "Number of the invoice"),
    ask("issued", "date", "issue_date invoice_date date issued", "Day the invoice was issued"),
    ask("due", "date", "due_date payable_by payment_due due", "Day by which it must be paid"),
    ask("delivered", "date", "delivery_date service_date delivered", "Day of delivery"),
    ask("seller", "text", "name company", "Company that sends the invoice", group="seller"),
    ask("seller_city", "text", "city location", "City of the company that sends the invoice", group="seller"),
    ask("seller_mail", "email", "email mail", "E-mail address of the sender", group="seller"),
    ask("buyer", "text", "name company", "Company that must pay", group="buyer"),
    ask("buyer_city", "text", "city location", "City of the company that must pay", group="buyer"),
    ask("order", "text", "order_number purchase_order po_number", "The buyer's order number"),
    ask("iban", "text", "account bank_account iban", "Account to pay to"),
    ask("net", "number", "net net_amount subtotal", "Amount before tax"),
    ask("tax", "number", "tax vat tax_amount", "Amount of tax"),
    ask("rate", "number", "tax_rate vat_rate vat_percent", "Tax rate in per cent"),
    ask("total", "number", "total total_amount amount_due gross", "Amount to pay, tax included"),
    ask("currency", "enum", "currency currency_code", "Currency, as ISO 4217 code", labels=_CODES),
    ask("paid", "boolean", "paid is_paid settled", "Whether the invoice has been paid"),
    ask_records(
        "lines",
        "items line_items positions lines",
        "The positions of the invoice",
        ask("item", "text", "description name product article", "What was sold"),
        ask("quantity", "integer", "quantity qty count", "How many"),
        ask("price", "number", "unit_price price", "Price of one"),
        ask("amount", "number", "amount line_total", "Price of all of this position"),
        ask("sku", "text", "sku article_number", "Article number"),
    ),
)

_LINES = (
    ("{quantity} x {item} at {price}", "; "),
    ("{quantity} {item} @ {price} = {amount}", ", "),
    ("{item} ({sku}), {quantity} pcs, {price} each", "\n"),
    ("- {item}: {amount}", "\n"),
    ("{sku}\t{item}\t{quantity}\t{price}\t{amount}", "\n"),
    ("| {item} | {quantity} | {price} |", "\n"),
    ("{quantity}x {item}", ", "),
    ("{item} {price}", "\n"),
)

_PHRASES = {
    "en": Phrases(
        (
            "INVOICE {number}\nDate: {issued}",
            "Invoice no. {number} of {issued}",
            "{seller}\n{seller_city}\n\nInvoice {number}",
            "{seller} billed {buyer} on {issued} (invoice {number}).",
            "Invoice {number} from {seller} to {buyer}",
        ),
        (
            ("From: {seller}, {seller_city}", "Seller: {seller} <{seller_mail}>", "{seller} | {seller_mail}"),
            ("Bill to: {buyer}, {buyer_city}", "Customer: {buyer}", "To {buyer} in {buyer_city}."),
            ("Your order {order} was delivered on {delivered}.", "PO: {order}", "Delivered: {delivered}"),
            ("{lines}", "Items:\n{lines}", "We charge for {lines}."),
            (
                "Subtotal {net}\nVAT {rate}% {tax}\nTotal {total}",
                "Net {net}, tax ({rate} %) {tax}, total {total}.",
                "Total due: {total}",
                "Amount payable {total}, including {tax} VAT.",
                "Sum before tax: {net}",
            ),
            (
                "Please pay by {due}.",
                "Due {due}.",
                "Payment due: {due} to account {iban}",
                "Transfer the amount to {iban} no later than {due}.",
            ),
            ("{paid}",),
        ),
        {"lines": _LINES},
        ("\n", "\n", "\n\n", " "),
        is_ordered=True,
    ),
    "de": Phrases(
        (
            "Rechnung Nr. {number} vom {issued}",
            "{seller}, {seller_city}\nRechnung {number}",
            "Rechnungsnummer: {number}\nRechnungsdatum: {issued}",
        ),
        (
            ("Lieferdatum: {delivered}", "Ihre Bestellung {order} vom {delivered}"),
            ("Rechnungsempfänger: {buyer}, {buyer_city}", "An {buyer}"),
            ("{lines}", "Positionen:\n{lines}"),
            ("Nettobetrag {net}\nMwSt. {rate} % {tax}\nGesamtbetrag {total}", "Zu zahlen: {total} (darin {tax} MwSt.)"),
            ("Zahlbar bis {due} auf das Konto {iban}.", "Fällig am {due}."),
        ),
        {"lines": _LINES},
        ("\n", "\n\n"),
        is_ordered=True,
    ),
    "fr": Phrases(
        ("Facture n° {number} du {issued}", "{seller}, {seller_city}\nFacture {number}"),
        (
            ("Client : {buyer}, {buyer_city}",),
            ("Commande {order}, livrée le {delivered}",),
            ("{lines}",),
            ("Total HT {net}\nTVA {rate} % {tax}\nTotal TTC {total}", "Montant à payer : {total}"),
            ("À régler avant le {due}.",),
        ),
        {"lines": _LINES},
        ("\n",),
        is_ordered=True,
    ),
    "es": Phrases(
        ("Factura n.º {number}, fecha {issued}", "{seller} ({seller_city})\nFactura {number}"),
        (
            ("Cliente: {buyer}, {buyer_city}",),
            ("{lines}",),
            ("Base imponible {net}\nIVA {rate} % {tax}\nTotal {total}", "Importe total: {total}"),
            ("Vencimiento: {due}",),
        ),
        {"lines": _LINES},
        ("\n",),
        is_ordered=True,
    ),
    "it": Phrases(
        ("Fattura n. {number} del {issued}",),
        (
            ("Cliente: {buyer}, {buyer_city}",),
            ("{lines}",),
            ("Imponibile {net}\nIVA {rate} % {tax}\nTotale {total}",),
            ("Scadenza: {due}",),
        ),
        {"lines": _LINES},
        ("\n",),
        is_ordered=True,
    ),
}

DOMAIN = Domain(
    "invoice", ("Invoice", "InvoiceData", "Bill"), ("An invoice", "Data of one invoice"), _FIELDS, _invoice, _PHRASES
)
