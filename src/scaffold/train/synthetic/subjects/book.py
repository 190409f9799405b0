"""Made-up texts: a book."""

from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, cue
from scaffold.train.synthetic.spelling import Speech, a_day


def _book(rng: Random, speech: Speech) -> Facts:
    title = rng.choice(("The {a} {b}", "{a} {b}s", "A {b} of {c}", "{c} and the {a} {b}", "The {b} in {c}")).format(
        a=rng.choice(listed("Crooked Silver Forgotten Amber Distant Patient Hollow Crimson")),
        b=rng.choice(listed("Lantern Orchard Map Harbour Clock Letter Bridge Winter Garden Mirror")),
        c=things.city(rng),
    )
    format_ = rng.choice(("hardcover", "paperback", "audiobook", "ebook"))
    shown = {
        "hardcover": ("bound in cloth", "in hard covers"),
        "paperback": ("in soft covers", "a small paper-bound volume"),
        "audiobook": ("read aloud by the author", "to listen to"),
        "ebook": ("for your e-reader", "as an EPUB download"),
    }[format_]
    return {
        "title": Said(title),
        "author": Said(people.full_name(rng, speech.language)),
        "translator": Said(people.full_name(rng)),
        "publisher": Said(things.brand(rng) + rng.choice((" Press", " Books", " Verlag", " Editions"))),
        "published": speech.date(a_day(rng, 1950, 2029)),
        "pages": speech.integer(rng.randint(64, 1300)),
        "isbn": Said(f"978-{rng.randint(0, 9)}-{things.digits(rng, 4)}-{things.digits(rng, 4)}-{rng.randint(0, 9)}"),
        "price": speech.money(rng.randrange(499, 7999) / 100),
        "genres": [
            Said(one)
            for one in rng.sample(
                listed("crime fantasy romance satire history poetry travel memoir horror thriller"), rng.randint(1, 3)
            )
        ],
        "series": Said(f"{things.brand(rng)} {rng.choice(('Saga', 'Trilogy', 'Chronicles'))}"),
        "number": speech.integer(rng.randint(2, 9)),
        "format": cue(rng.choice(shown), format_),
    }


_FIELDS = (
    ask("title", "text", "title book_title", "Title of the book"),
    ask("author", "text", "author written_by", "Who wrote it"),
    ask("translator", "text", "translator translated_by", "Who translated it"),
    ask("publisher", "text", "publisher", "Publishing house"),
    ask("published", "date", "publication_date published published_on", "Day of publication"),
    ask("pages", "integer", "pages page_count", "Number of pages"),
    ask("isbn", "text", "isbn isbn13", "ISBN"),
    ask("price", "number", "price cover_price", "Price"),
    ask("currency", "enum", "currency", "Currency of the price", labels="USD EUR GBP AUD INR CHF MXN BRL"),
    ask("genres", "texts", "genres categories", "Genres"),
    ask("series", "text", "name series", "Series the book belongs to", group="series"),
    ask("number", "integer", "number volume", "Its number in the series", group="series"),
    ask("format", "enum", "format binding", "Form of the edition", labels="hardcover paperback audiobook ebook"),
)

_PHRASES = {
    "en": Phrases(
        (
            "{title} by {author} ({publisher}).",
            "{author}: {title}. {publisher}, {pages} pages, {price}.",
            "New from {publisher}: {title} by {author}",
            "{title} is the new book of {author}.",
            "{author} will present {title} on {published}.",
        ),
        (
            ("Translated by {translator}.", "The translation is by {translator}."),
            ("Published on {published}.", "On the shelves from {published}."),
            ("{pages} pages.", "It runs to {pages} pages."),
            ("ISBN {isbn}", "ISBN: {isbn}."),
            ("It costs {price}.", "Price: {price}"),
            ("Genre: {genres}", "A mix of {genres}."),
            ("It is book {number} of the {series}.", "Part of the {series}.", "{series}, volume {number}."),
            ("This edition is {format}.", "You get it {format}."),
        ),
    ),
    "es": Phrases(
        ("{title}, de {author} ({publisher}).",),
        (
            ("Traducción de {translator}.",),
            ("Publicado el {published}.",),
            ("{pages} páginas.",),
            ("ISBN {isbn}",),
            ("Precio: {price}",),
        ),
    ),
    "fr": Phrases(
        ("{title} de {author}, chez {publisher}.",),
        (
            ("Traduction : {translator}.",),
            ("Paru le {published}.",),
            ("{pages} pages.",),
            ("ISBN {isbn}",),
            ("Prix : {price}",),
        ),
    ),
}

DOMAIN = Domain("book", ("Book", "BookEntry", "Edition"), ("A book",), _FIELDS, _book, _PHRASES)
