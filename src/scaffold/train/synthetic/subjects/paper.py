"""Made-up texts: a scientific paper."""

from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, count
from scaffold.train.synthetic.spelling import Speech, a_day

_METHODS = listed(
    "Sparse Attention|Masked Diffusion|Lattice Decoding|Random Forests|Gene Silencing|Laser Cooling|"
    "Tidal Models|Graph Matching|Isotope Dating|Soil Sampling|Spectral Clustering|Protein Folding|"
    "Crowd Surveys"
)

_OBJECTS = listed(
    "River Deltas|Structured Text|Zebrafish|Housing Markets|Alpine Glaciers|Rural Clinics|Sensor "
    "Networks|Medieval Charters|Bird Song|Battery Cells|Sign Language|Protein Complexes|School Choice"
)


def _paper(rng: Random, speech: Speech) -> Facts:
    title = rng.choice(
        (
            "{m} for {o}",
            "On {m} in {o}",
            "{o} Revisited: A Study with {m}",
            "Towards Better {m} of {o}",
            "What {o} Teach Us about {m}",
        )
    ).format(m=rng.choice(_METHODS), o=rng.choice(_OBJECTS))
    first = rng.randint(1, 900)
    return {
        "title": Said(title),
        "authors": [Said(people.full_name(rng)) for _ in range(rng.randint(1, 5))],
        "year": count(rng.randint(1965, 2029)),
        "journal": Said(
            rng.choice(("Journal of {}", "{} Letters", "Annals of {}", "Proceedings of the {} Conference")).format(
                rng.choice(_OBJECTS)
            )
        ),
        "volume": count(rng.randint(1, 190)),
        "issue": count(rng.randint(1, 12)),
        "pages": Said(f"{first}{rng.choice('-–')}{first + rng.randint(3, 40)}"),
        "doi": Said(f"10.{rng.randint(1000, 9999)}/{things.letters(rng, 3).lower()}.{rng.randint(100, 99999)}"),
        "school": Said(
            rng.choice(("University of {}", "{} Institute of Technology", "{} University")).format(things.city(rng))
        ),
        "received": speech.date(a_day(rng, 2005, 2017)),
        "accepted": speech.date(a_day(rng, 2018, 2029)),
        "samples": speech.integer(rng.randint(20, 250000)),
        "score": speech.number(rng.randint(400, 999) / 10, 1),
        "keywords": [Said(one.lower()) for one in rng.sample(_METHODS, rng.randint(2, 4))],
        "funder": Said(f"{things.brand(rng)} Foundation"),
    }


_FIELDS = (
    ask("title", "text", "title paper_title", "Title of the paper"),
    ask("authors", "texts", "authors written_by author_names", "All authors"),
    ask("year", "integer", "year publication_year", "Year of publication"),
    ask("journal", "text", "journal venue published_in", "Journal or conference"),
    ask("volume", "integer", "volume vol", "Volume of the journal"),
    ask("issue", "integer", "issue issue_number", "Issue of the volume"),
    ask("pages", "text", "pages page_range", "Pages, first to last"),
    ask("doi", "text", "doi identifier", "Digital object identifier"),
    ask("school", "text", "affiliation institution university", "Where the authors work"),
    ask("received", "date", "received submitted_on", "Day of submission"),
    ask("accepted", "date", "accepted accepted_on", "Day of acceptance"),
    ask("samples", "integer", "sample_size samples n", "Number of samples"),
    ask("score", "number", "accuracy result score", "Main result in per cent"),
    ask("keywords", "texts", "keywords topics", "Keywords"),
    ask("funder", "text", "funder funded_by sponsor", "Who paid for the work"),
)

_EN = Phrases(
    (
        "{authors}. {title}. {journal} {volume}({issue}):{pages}, {year}.",
        "{title}\n{authors}\n{school}",
        "{authors} ({year}). {title}. {journal}, {volume}, {pages}. doi:{doi}",
        'In "{title}" ({year}), {authors} report new findings.',
        "{title} was written by {authors}.",
    ),
    (
        ("Received {received}; accepted {accepted}.", "Accepted on {accepted}."),
        (
            "We collected {samples} samples and reach an accuracy of {score} %.",
            "Based on {samples} observations.",
            "The best model is right in {score}% of all cases.",
        ),
        ("Keywords: {keywords}", "Index terms: {keywords}."),
        ("This work was funded by the {funder}.", "Supported by the {funder}."),
        ("doi: {doi}", "https://doi.org/{doi}"),
        ("It appeared in {journal} in {year}.", "Published in {journal}, vol. {volume}."),
        ("The authors work at {school}.",),
    ),
)

DOMAIN = Domain(
    "paper",
    ("Paper", "Publication", "Citation"),
    ("A scientific paper", "Bibliographic data"),
    _FIELDS,
    _paper,
    {"en": _EN},
)
