"""Made-up texts: the label of a museum's specimen."""

from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask, ask_records
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, count, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_GENERA = listed("Carex Salvia Quercus Lycaena Bombus Carabus Viola Dryopteris Helix Pieris Sorbus Aeshna")
_EPITHETS = listed("alpina palustris vulgaris montana nigra sylvatica minor pratensis rotundifolia littoralis")
_FAMILIES = listed("Cyperaceae Lamiaceae Fagaceae Lycaenidae Apidae Carabidae Violaceae Helicidae Rosaceae")
_HABITATS = {
    "en": listed("damp meadow|limestone scree|oak woodland|roadside ditch|peat bog|dune slack"),
    "de": listed("feuchte Wiese|Kalkschutt|Eichenwald|Straßengraben|Hochmoor|Dünental"),
    "fr": listed("prairie humide|éboulis calcaire|chênaie|bord de fossé|tourbière|dune fixée"),
}
_KEPT = {
    "dried": {"en": "Pressed on paper.", "de": "Auf Papier gepresst.", "fr": "Pressé sur papier."},
    "spirit": {"en": "In 70% alcohol.", "de": "In Alkohol (70 %).", "fr": "Dans l'alcool à 70 %."},
    "pinned": {"en": "On an insect pin.", "de": "Genadelt.", "fr": "Monté sur épingle."},
}
_PARTS = listed("leaf stem wing femur antenna shell petal thorax")


def _specimen(rng: Random, speech: Speech) -> Facts:
    kept, language = rng.choice(list(_KEPT)), speech.language
    return {
        "species": Said(f"{rng.choice(_GENERA)} {rng.choice(_EPITHETS)}"),
        "family": Said(rng.choice(_FAMILIES)),
        "collector": Said(people.full_name(rng, language)),
        "expert": Said(people.full_name(rng, language)),
        "day": speech.date(a_day(rng, 1900, 2024)),
        "locality": Said(things.city(rng, language)),
        "height": speech.integer(rng.randint(2, 2900)),
        "habitat": Said(rng.choice(_HABITATS[language])),
        "number": Said(things.code(rng, "H", "BM", "ZM")),
        "found": count(rng.randint(1, 40)),
        "kept": cue(_KEPT[kept][language], kept),
        "copies": [Said(f"{things.city(rng, language)} Museum") for _ in range(rng.randint(1, 3))],
        "sizes": [
            {"part": Said(part), "length": speech.number(rng.randint(11, 990) / 10, 1)}
            for part in rng.sample(_PARTS, rng.randint(1, 3))
        ],
    }


_FIELDS = (
    ask("species", "text", "scientific_name species taxon", "Scientific name"),
    ask("family", "text", "family taxonomic_family", "Family that the species belongs to"),
    ask("collector", "text", "collector collected_by leg", "Who collected it"),
    ask("expert", "text", "determined_by identifier det", "Who named the species"),
    ask("day", "date", "collection_date collected_on", "Day on which it was collected"),
    ask("locality", "text", "locality collecting_site", "Where it was collected"),
    ask("height", "integer", "altitude_m altitude", "Height above the sea in metres"),
    ask("habitat", "text", "habitat biotope", "What grew or lay around it"),
    ask("number", "text", "catalogue_number accession", "Number in the collection"),
    ask("found", "integer", "individuals specimen_count", "How many individuals there are"),
    ask("kept", "enum", "preservation preserved_as", "How it is preserved", labels=" ".join(_KEPT)),
    ask("copies", "texts", "duplicates duplicate_herbaria", "Who holds duplicates"),
    ask_records(
        "sizes",
        "measurements sizes",
        "What was measured",
        ask("part", "text", "part organ", "Part that was measured"),
        ask("length", "number", "length_mm size_mm", "Length in millimetres"),
    ),
)

_PHRASES = {
    "en": Phrases(
        (
            "{species} ({family})\nNo. {number}",
            "Specimen {number}: {species}, leg. {collector}",
            "{collector} collected {species} at {locality} on {day}.",
        ),
        (
            ("Coll. {day}, {locality}, {height} m.", "{locality}, alt. {height} m", "Found on {day} near {locality}."),
            ("Leg. {collector}, det. {expert}.", "Identified by {expert}.", "Collector {collector}"),
            ("Habitat: {habitat}.", "In {habitat}; {found} individuals."),
            ("{kept}",),
            ("Family {family}.",),
            ("Duplicates: {copies}.", "Shared with {copies}."),
            ("Measured: {sizes}.", "{sizes}"),
        ),
        {"sizes": (("{part} {length} mm", ", "), ("{part} = {length} mm", "; "))},
        joiners=("\n", " ", "; "),
    ),
    "de": Phrases(
        ("{species} ({family}), Nr. {number}", "{species}, gesammelt von {collector} am {day}"),
        (
            ("{locality}, {height} m ü. M., {day}.", "Fundort: {locality}."),
            ("Leg. {collector}, det. {expert}.", "Bestimmt von {expert}."),
            ("Standort: {habitat}; {found} Exemplare.",),
            ("{kept}",),
            ("Dubletten: {copies}.",),
            ("Maße: {sizes}.",),
        ),
        {"sizes": (("{part} {length} mm", "; "),)},
    ),
    "fr": Phrases(
        ("{species} ({family}), n° {number}", "{species}, récolté par {collector} le {day}"),
        (
            ("{locality}, alt. {height} m.", "Le {day} à {locality}."),
            ("Dét. {expert}.",),
            ("Habitat : {habitat}, {found} individus.",),
            ("{kept}",),
            ("Doubles : {copies}.",),
            ("Mesures : {sizes}.",),
        ),
        {"sizes": (("{part} {length} mm", "; "),)},
    ),
}

DOMAIN = Domain("specimen", ("Specimen", "CollectionLabel"), ("The label of a specimen",), _FIELDS, _specimen, _PHRASES)
