"""Made-up texts: a product and its price."""

from random import Random

from scaffold.train.synthetic import things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_CODES = "USD EUR GBP AUD INR CHF MXN BRL"


_IN_STOCK = {
    "en": ("In stock.", "Ships today.", "Available now."),
    "fr": ("En stock.", "Disponible."),
    "pt": ("Em stock.", "Disponível."),
}
_SOLD_OUT = {
    "en": ("Sold out.", "Out of stock for now."),
    "fr": ("En rupture de stock.", "Épuisé."),
    "pt": ("Esgotado.", "Indisponível."),
}


def _product(rng: Random, speech: Speech) -> Facts:
    old = rng.randrange(2000, 200000) / 100
    in_stock = rng.random() < 0.6
    return {
        "name": Said(things.product(rng)),
        "maker": Said(things.company(rng, speech.language)),
        "price": speech.money(round(old * 0.8, 2)),
        "old": speech.money(old),
        "weight": speech.number(rng.randint(1, 400) / 10, 1),
        "width": speech.number(float(rng.randint(5, 220)), 0),
        "height": speech.number(float(rng.randint(5, 220)), 0),
        "warranty": speech.integer(rng.randint(2, 10)),
        "rating": speech.number(rng.randint(10, 50) / 10, 1),
        "reviews": speech.integer(rng.randint(17, 12000)),
        "colours": [
            Said(one)
            for one in rng.sample(
                listed("black white silver navy olive coral teal beige red mustard charcoal mint"), rng.randint(1, 4)
            )
        ],
        "sku": Said(things.code(rng, "SKU", "ART", "MPN")),
        "ean": Said(things.digits(rng, 13)),
        "released": speech.date(a_day(rng, 2015, 2029)),
        "stock": cue(rng.choice((_IN_STOCK if in_stock else _SOLD_OUT)[speech.language]), in_stock),
    }


_FIELDS = (
    ask("name", "text", "name product_name title product", "Name of the product"),
    ask("maker", "text", "manufacturer brand maker", "Who makes it"),
    ask("price", "number", "price current_price sale_price", "What it costs now"),
    ask("old", "number", "original_price list_price old_price", "Price before the reduction"),
    ask("currency", "enum", "currency currency_code", "Currency of the price (ISO 4217)", labels=_CODES),
    ask("weight", "number", "weight_kg weight", "Weight in kilograms"),
    ask("width", "number", "width_cm width", "Width in centimetres", group="size"),
    ask("height", "number", "height_cm height", "Height in centimetres", group="size"),
    ask("warranty", "integer", "warranty_years warranty", "Years of warranty"),
    ask("rating", "number", "rating stars score", "Average rating"),
    ask("reviews", "integer", "review_count reviews ratings", "How many reviews there are"),
    ask("colours", "texts", "colors colours available_colors", "Colours on offer"),
    ask("sku", "text", "sku article_number item_code", "Article number"),
    ask("ean", "text", "ean barcode gtin", "Bar code number"),
    ask("released", "date", "release_date launched available_since", "Day it came on the market"),
    ask("stock", "boolean", "in_stock available is_available", "Whether it can be bought now"),
)

_PHRASES = {
    "en": Phrases(
        (
            "{name} by {maker}.",
            "Meet the {name}, now {price} (was {old}).",
            "{name} – {price}",
            "The new {name} from {maker} costs {price}.",
        ),
        (
            ("It weighs {weight} kg.", "Weight: {weight} kg", "At {weight} kg it is easy to carry."),
            (
                "Measures {width} x {height} cm.",
                "{width} cm wide and {height} cm tall.",
                "Dimensions (W x H): {width} × {height} cm",
            ),
            ("Comes with a {warranty}-year warranty.", "Warranty: {warranty} years"),
            (
                "Rated {rating} out of 5 by {reviews} customers.",
                "{rating} stars ({reviews} reviews)",
                "{reviews} people reviewed it.",
            ),
            ("Available in {colours}.", "Colours: {colours}", "Choose between {colours}."),
            ("SKU {sku}, EAN {ean}.", "Item code: {sku}", "EAN: {ean}"),
            ("On sale since {released}.", "Launched on {released}."),
            ("{stock}",),
            ("Reduced from {old} to {price}.", "Now only {price}!"),
        ),
    ),
    "fr": Phrases(
        ("{name} de {maker}.", "{name} – {price} au lieu de {old}"),
        (
            ("Poids : {weight} kg",),
            ("Largeur {width} cm, hauteur {height} cm.",),
            ("Garantie {warranty} ans.",),
            ("Note : {rating}/5 ({reviews} avis)",),
            ("Référence {sku}",),
            ("{stock}",),
            ("Prix : {price}",),
        ),
    ),
    "pt": Phrases(
        ("{name} da {maker}.", "{name} por {price} (antes {old})"),
        (
            ("Peso: {weight} kg",),
            ("Largura {width} cm, altura {height} cm.",),
            ("Garantia de {warranty} anos.",),
            ("Avaliação {rating} de 5 ({reviews} opiniões)",),
            ("Código {sku}",),
            ("{stock}",),
        ),
    ),
}

DOMAIN = Domain(
    "product",
    ("Product", "ProductListing", "Offer"),
    ("A product and its price", "Product data"),
    _FIELDS,
    _product,
    _PHRASES,
)
