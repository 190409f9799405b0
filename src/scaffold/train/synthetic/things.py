"""Invented places, companies, goods, identifiers and addresses."""

import unicodedata
from random import Random

from scaffold.train.synthetic.abroad import ABROAD, drawn
from scaffold.train.synthetic.listing import listed

CITIES = {
    "en": "London Manchester Leeds Bristol Edinburgh Glasgow Cardiff Belfast Dublin Cork Galway Boston "
    "Chicago Denver Austin Seattle Portland Atlanta Houston Nashville Cleveland Detroit Toronto "
    "Ottawa Montréal Calgary Halifax Sydney Perth Hobart Adelaide Auckland Wellington Lagos Accra "
    "Nairobi Mumbai Pune Chennai Singapore Oslo Bergen Stockholm Malmö Copenhagen Aarhus Helsinki "
    "Tampere Reykjavík Warsaw Kraków Łódź Gdańsk Prague Brno Budapest Bucharest Sofia Athens "
    "Istanbul İzmir Tbilisi Tallinn Riga Vilnius Tokyo Osaka Sapporo Seoul Busan Taipei Hanoi "
    "Bangkok Jakarta Cairo Casablanca Dakar Cape~Town Buenos~Aires New~York San~Diego Salt~Lake~City "
    "Kuala~Lumpur",
    "de": "Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Leipzig Dresden Bremen Hannover "
    "Nürnberg Bochum Bielefeld Bonn Münster Karlsruhe Freiburg Lübeck Erfurt Rostock Mainz Kassel "
    "Halle Göttingen Würzburg Regensburg Tübingen Zürich Basel Bern Luzern Wien Graz Linz Salzburg "
    "Innsbruck",
    "fr": "Paris Lyon Marseille Toulouse Nice Nantes Montpellier Strasbourg Bordeaux Lille Rennes Reims "
    "Le~Havre Saint-Étienne Toulon Grenoble Dijon Angers Nîmes Clermont-Ferrand Besançon Orléans "
    "Metz Caen Limoges Genève Lausanne Bruxelles Liège Namur Québec",
    "es": "Madrid Barcelona Valencia Sevilla Zaragoza Málaga Murcia Bilbao Alicante Córdoba Valladolid "
    "Vigo Gijón Granada Oviedo Pamplona Almería Cádiz Burgos Salamanca León Bogotá Medellín Lima "
    "Cusco Quito Guadalajara Mérida Montevideo Rosario Valparaíso",
    "it": "Roma Milano Napoli Torino Palermo Genova Bologna Firenze Bari Catania Venezia Verona Messina "
    "Padova Trieste Brescia Parma Modena Reggio~Emilia Perugia Livorno Cagliari Ravenna Ferrara "
    "Rimini Siena Pisa Lucca Bergamo Lecce",
    "pt": "Lisboa Porto Braga Coimbra Faro Évora Aveiro Setúbal Guimarães Viseu Leiria São~Paulo "
    "Rio~de~Janeiro Brasília Salvador Fortaleza Recife Curitiba Belém Goiânia Florianópolis Vitória "
    "Natal Manaus Belo~Horizonte",
}
_CITIES = {language: [name.replace("~", " ") for name in names.split()] for language, names in CITIES.items()}
STEMS = listed(
    "Alder Amber Apex Arbor Argent Astra Atlas Aurora Azimuth Beacon Birch Blue Boreal Bright Cedar "
    "Cinder Clear Cobalt Copper "
    "Coral Crest Delta Dune Eastern Echo Elm Ember Falcon Fern First Flint Forge Fox Garnet Glen "
    "Golden Granite Green Harbour "
    "Hazel Helio Heron High Indigo Iron Ivory Jade Juniper Kestrel Kite Lark Lumen Lunar Lynx Maple "
    "Marble Meridian Mill Mistral "
    "Moss Nimbus Noble North Nova Oak Ochre Onyx Opal Orchid Osprey Otter Pearl Pine Polar Prime "
    "Quartz Quill Raven Red River "
    "Rowan Sable Saffron Silver Slate Solar Sparrow Spruce Sterling Stone Summit Swift Tamarind "
    "Terra Thistle Tidal Umber Vale "
    "Vector Velvet Verdant Vertex Violet West Willow Winter Wren Zephyr"
)
_TAILS = listed(
    "bridge byte cast craft field flow forge gate grid house labs leaf light line link loop mark "
    "mill minds mont path peak point "
    "port reach ridge scape shore side spring stack stream tech vale view ward wave ways well wood works yard"
)
_TRADES = listed(
    "Analytics Bakery Biotech Books Builders Capital Catering Ceramics Chemicals Cloud Coffee "
    "Components Consulting Design Dynamics "
    "Electronics Energy Engineering Foods Freight Furniture Gardens Glass Health Imaging Instruments "
    "Interiors Logistics Machinery "
    "Marine Materials Media Motors Networks Optics Packaging Paper Pharma Plastics Printing Robotics "
    "Seeds Semiconductors Software "
    "Solutions Supplies Systems Textiles Timber Tools Travel Water Windows"
)
_LEGAL = {
    "en": ("Ltd", "Ltd.", "Inc.", "LLC", "plc", "Co.", "Group", "& Sons", ""),
    "de": ("GmbH", "AG", "KG", "GmbH & Co. KG", "SE"),
    "fr": ("SARL", "SA", "SAS", "& Fils"),
    "es": ("S.L.", "S.A.", "e Hijos"),
    "it": ("S.r.l.", "S.p.A.", "& Figli"),
    "pt": ("Lda.", "S.A.", "Ltda."),
}
_ADJECTIVES = listed(
    "compact cordless deluxe digital ergonomic foldable heavy-duty insulated leather lightweight mini organic portable "
    "rechargeable refurbished stackable stainless-steel travel ultra-slim vintage waterproof wireless wooden"
)
_GOODS = tuple(
    listed(
        "office chair|desk lamp|standing desk|keyboard|mouse|monitor arm|headset|webcam|USB-C hub|power "
        "bank|backpack|water bottle|"
        "coffee grinder|espresso machine|kettle|toaster|blender|frying pan|knife set|cutting board|bread "
        "tin|tea towel|bath mat|"
        "picture frame|bookshelf|filing cabinet|whiteboard|stapler|paper shredder|ink cartridge|notebook|"
        "fountain pen|hand drill|"
        "screwdriver set|spirit level|ladder|garden hose|lawn mower|wheelbarrow|plant pot|tent|sleeping "
        "bag|camping stove|"
        "head torch|bicycle pump|bike lock|yoga mat|dumbbell|running belt|ski goggles|rain jacket|wool "
        "scarf|hiking boots|"
        "digital scale|thermometer|air purifier|fan heater|humidifier|smart plug|doorbell|smoke detector|"
        "router|hard drive|"
        "graphics tablet|tripod|camera bag|guitar stand|music stand|metronome|puzzle|board game|toy train"
    )
)
_STREETS = {
    "en": ("{n} {s} Street", "{n} {s} Road", "{n} {s} Lane", "{n} {s} Avenue", "{n} {s} Drive"),
    "de": ("{s}straße {n}", "{s}weg {n}", "Am {s}platz {n}", "{s}gasse {n}"),
    "fr": ("{n}, rue {s}", "{n} avenue {s}", "{n} bis, place {s}"),
    "es": ("Calle {s} {n}", "Avenida {s}, {n}", "Plaza {s} {n}"),
    "it": ("Via {s} {n}", "Corso {s}, {n}", "Piazza {s} {n}"),
    "pt": ("Rua {s}, {n}", "Avenida {s} {n}", "Travessa {s}, {n}"),
}
_STREET_WORDS = {
    "en": listed(
        "Church Mill Station High Park Elm Maple Victoria Queen King Orchard Bridge Chapel Meadow "
        "Harbour Willow Chestnut"
    ),
    "de": listed("Linden Bahnhof Garten Schul Berg Wald Kirch Goethe Mozart Mühlen Rosen Ahorn Eichen Birken"),
    "fr": listed("Victor-Hugo Pasteur Voltaire Molière Gambetta Lamartine Carnot Diderot Mirabeau Racine"),
    "es": listed("Mayor Cervantes Goya Alcalá Colón Velázquez Libertad Quevedo Atocha Toledo"),
    "it": listed("Garibaldi Mazzini Dante Verdi Cavour Manzoni Marconi Leopardi Galilei Volta"),
    "pt": listed("Camões Augusta Liberdade Garrett Bandeira Pessoa Almada Vieira Herculano Gama"),
}
_DOMAINS = ("example.com", "example.org", "mail.example.net", "post.example.eu", "inbox.example", "corp.example.com")
_TOP = listed("com org net io eu co.uk de fr es it pt")


def city(rng: Random, language: str = "en") -> str:
    """A city, mostly where `language` is spoken; one in seven is anywhere."""
    if rng.random() < ABROAD:
        return drawn(rng, "city")
    return rng.choice(_CITIES[language if rng.random() < 0.85 else rng.choice(list(_CITIES))])


def company(rng: Random, language: str = "en") -> str:
    """A company name of two to four words; one in seven is of any country."""
    if rng.random() < ABROAD:
        return drawn(rng, "company")
    stem = rng.choice(STEMS)
    head = stem + rng.choice(_TAILS) if rng.random() < 0.5 else f"{stem} {rng.choice(_TRADES)}"
    if rng.random() < 0.2:
        head += f" {rng.choice(_TRADES)}"
    return f"{head} {rng.choice(_LEGAL[language])}".strip() if rng.random() < 0.75 else head


def brand(rng: Random) -> str:
    """One invented word."""
    return rng.choice(STEMS) + rng.choice(_TAILS)


def goods(rng: Random) -> str:
    """A thing that shops sell, in lower case."""
    thing = rng.choice(_GOODS)
    return f"{rng.choice(_ADJECTIVES)} {thing}" if rng.random() < 0.5 else thing


def product(rng: Random) -> str:
    """A product name: brand, model, and sometimes what it is."""
    model = rng.choice(
        (
            f"{rng.choice('ABCDEGKMNPRSTVXZ')}{rng.randint(1, 999)}",
            f"{rng.randint(2, 90)}0",
            rng.choice(STEMS),
            "Pro",
            "Mini",
            f"Mark {rng.randint(2, 9)}",
        )
    )
    return f"{brand(rng)} {model}" + (f" {goods(rng)}" if rng.random() < 0.4 else "")


def street(rng: Random, language: str = "en") -> str:
    """A street with a house number."""
    return rng.choice(_STREETS[language]).format(n=rng.randint(1, 240), s=rng.choice(_STREET_WORDS[language]))


def digits(rng: Random, count: int) -> str:
    """`count` digits, the first not zero."""
    return str(rng.randrange(10 ** (count - 1), 10**count))


def letters(rng: Random, count: int) -> str:
    """`count` capital letters."""
    return "".join(rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=count))


def code(rng: Random, *prefixes: str) -> str:
    """An identifier with one of `prefixes` in one of many shapes."""
    prefix = rng.choice(prefixes)
    year, number = rng.randint(2010, 2029), rng.randint(3, 8)
    shapes = (
        f"{prefix}-{digits(rng, number)}",
        f"{prefix}{digits(rng, number)}",
        f"{prefix}-{year}-{digits(rng, 4)}",
        f"{prefix}/{year}/{digits(rng, 3)}",
        f"{year}-{digits(rng, number)}",
        f"{letters(rng, 2)}{digits(rng, number)}",
        f"{prefix}_{digits(rng, 5)}",
        f"{digits(rng, 3)}-{digits(rng, 4)}",
        f"#{digits(rng, 5)}",
    )
    return rng.choice(shapes)


def ascii_word(name: str) -> str:
    """A name as it stands in an address: lower case, ASCII letters only."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain.lower() if "a" <= c <= "z") or "post"


def email(rng: Random, name: str) -> str:
    """An e-mail address of a person or a company."""
    words = name.split()
    first, last = ascii_word(words[0]), ascii_word(words[-1])
    local = rng.choice(
        (f"{first}.{last}", f"{first[0]}{last}", first, f"{first}_{last}", f"{last}{rng.randint(1, 99)}")
    )
    host = rng.choice(_DOMAINS) if rng.random() < 0.4 else f"{ascii_word(brand(rng))}.{rng.choice(_TOP)}"
    return f"{local}@{host}"


def url(rng: Random, name: str) -> str:
    """A web address."""
    host = f"{ascii_word(name)[:14]}.{rng.choice(_TOP)}"
    return f"https://{rng.choice(('www.', ''))}{host}" + rng.choice(
        ("", "", "/", "/contact", f"/p/{rng.randint(10, 99999)}")
    )


def phone(rng: Random) -> str:
    """A telephone number in one of many spellings."""
    a, b, c = digits(rng, 3), digits(rng, 3), digits(rng, 4)
    country = rng.choice((1, 44, 49, 33, 34, 39, 351, 47, 91))
    return rng.choice(
        (
            f"+{country} {a} {b} {c}",
            f"({a}) {b}-{c}",
            f"{a}-{b}-{c}",
            f"0{a} {b}{c}",
            f"+{country}{a}{b}{c}",
            f"{a}.{b}.{c}",
            f"+{country} ({a}) {b} {c}",
        )
    )
