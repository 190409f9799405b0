"""Made-up texts: what a customer thinks."""

from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_VERDICTS = {
    "positive": (
        "I would buy it again at once",
        "It exceeded all my hopes",
        "Simply a joy",
        "Best decision this year",
        "Five happy people in our house",
    ),
    "negative": (
        "Do not waste your money",
        "It broke after two days",
        "I sent it straight back",
        "What a let-down",
        "Never again",
    ),
    "mixed": (
        "Nice idea, poor finish",
        "Good, but far too loud",
        "I like it, yet the battery is weak",
        "Works, though the manual is useless",
    ),
}


def _review(rng: Random, speech: Speech) -> Facts:
    verdict = rng.choice(list(_VERDICTS))
    stars = {"positive": rng.randint(4, 5), "negative": rng.randint(1, 2), "mixed": 3}[verdict]
    again = {"positive": True, "negative": False, "mixed": rng.random() < 0.5}[verdict]
    pros = rng.sample(
        listed("quiet motor|sturdy build|fair price|fast delivery|clear manual|pleasant feel|long battery life"),
        rng.randint(1, 3),
    )
    cons = rng.sample(
        listed("thin cable|strong smell|slow support|sharp edges|dull colours|weak suction|tiny buttons"),
        rng.randint(1, 3),
    )
    return {
        "verdict": cue(rng.choice(_VERDICTS[verdict]), verdict),
        "stars": speech.integer(stars),
        "product": Said(things.product(rng)),
        "author": Said(people.full_name(rng)),
        "day": speech.date(a_day(rng, 2014, 2028)),
        "pros": [Said(one) for one in pros],
        "cons": [Said(one) for one in cons],
        "again": cue("I recommend it." if again else "I cannot recommend it.", again),
        "price": speech.money(rng.randrange(500, 90000) / 100),
        "shop": Said(things.company(rng)),
        "months": speech.integer(rng.randint(2, 12)),
    }


_FIELDS = (
    ask("verdict", "enum", "sentiment verdict opinion", "Overall opinion", labels=" ".join(_VERDICTS)),
    ask("stars", "integer", "stars rating score", "Number of stars given"),
    ask("product", "text", "product item reviewed_product", "What is reviewed"),
    ask("author", "text", "author reviewer name", "Who wrote the review"),
    ask("day", "date", "date review_date written_on", "Day of the review"),
    ask("pros", "texts", "pros likes advantages", "What is good"),
    ask("cons", "texts", "cons dislikes disadvantages", "What is bad"),
    ask("again", "boolean", "recommended would_recommend", "Whether the author recommends it"),
    ask("price", "number", "price_paid price", "What it cost"),
    ask("currency", "enum", "currency", "Currency of the price", labels="USD EUR GBP AUD INR CHF MXN BRL"),
    ask("shop", "text", "shop seller bought_at", "Where it was bought"),
    ask("months", "integer", "months_used months", "Months of use"),
)

_EN = Phrases(
    (
        "{verdict}.",
        "{product}: {verdict}.",
        "{verdict}! {stars} stars for the {product}.",
        "Review of the {product} by {author}, {day}",
        "{author} ({day}): {verdict}.",
    ),
    (
        ("{verdict}.",),
        ("Good: {pros}.", "I liked {pros}.", "+ {pros}"),
        ("Bad: {cons}.", "Less nice: {cons}.", "- {cons}"),
        ("{again}",),
        ("I paid {price} at {shop}.", "Bought from {shop}.", "Price: {price}"),
        ("I have used it for {months} months.",),
        ("Rating: {stars} of 5", "{stars}/5"),
        ("Written on {day} by {author}.",),
    ),
)

DOMAIN = Domain(
    "review", ("Review", "Opinion", "ProductReview"), ("What a customer thinks",), _FIELDS, _review, {"en": _EN}
)
