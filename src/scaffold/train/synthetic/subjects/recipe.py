"""Made-up texts: a recipe."""

from random import Random

from scaffold.train.synthetic import people
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask, ask_records
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, count, cue
from scaffold.train.synthetic.spelling import Speech

_FOODS = listed(
    "flour sugar butter milk rice lentils tomatoes onions carrots mushrooms potatoes cream cheese "
    "chickpeas spinach almonds honey yoghurt parsley oats cocoa walnuts pumpkin leeks raisins"
)

_UNITS = ("g", "ml", "kg", "cups", "tbsp", "tsp", "handfuls", "slices")

_EFFORTS = {
    "easy": ("even children manage it", "nothing can go wrong"),
    "medium": ("some practice helps", "takes a little care"),
    "hard": ("only for experienced cooks", "a challenge even for professionals"),
}
_TASTES = listed("Smoky Creamy Spicy Golden Rustic Summer Winter")
_DISHES = listed("Soup Pie Stew Salad Curry Gratin Bake Cake")


def _recipe(rng: Random, speech: Speech) -> Facts:
    foods, effort, vegan = rng.sample(_FOODS, rng.randint(2, 6)), rng.choice(list(_EFFORTS)), rng.random() < 0.5
    return {
        "dish": Said(f"{rng.choice(_TASTES)} {rng.choice(_FOODS).capitalize()} {rng.choice(_DISHES)}"),
        "serves": speech.integer(rng.randint(2, 12)),
        "prep": speech.integer(rng.randint(5, 60)),
        "cook": speech.integer(rng.randint(8, 180)),
        "heat": count(rng.choice((160, 175, 180, 200, 220))),
        "author": Said(people.full_name(rng)),
        "calories": speech.integer(rng.randint(120, 1100)),
        "effort": cue(rng.choice(_EFFORTS[effort]), effort),
        "vegan": cue(
            rng.choice(
                ("No animal products at all.", "Entirely plant-based.")
                if vegan
                else ("Contains butter and eggs.", "Served with bacon.")
            ),
            vegan,
        ),
        "tools": [
            Said(one)
            for one in rng.sample(
                listed("whisk|large bowl|baking tin|hand blender|rolling pin|sieve|grater"), rng.randint(1, 3)
            )
        ],
        "parts": [
            {
                "food": Said(food),
                "amount": speech.integer(rng.choice((1, 2, 3, 4, 50, 100, 150, 200, 250, 500))),
                "unit": Said(rng.choice(_UNITS)),
            }
            for food in foods
        ],
    }


_FIELDS = (
    ask("dish", "text", "name dish title recipe_name", "Name of the dish"),
    ask("serves", "integer", "servings serves portions", "For how many people"),
    ask("prep", "integer", "prep_minutes prep_time", "Minutes of preparation", group="time"),
    ask("cook", "integer", "cook_minutes cooking_time", "Minutes of cooking", group="time"),
    ask("heat", "integer", "oven_temperature temperature_c", "Temperature of the oven in Celsius"),
    ask("author", "text", "author cook chef", "Whose recipe it is"),
    ask("calories", "integer", "calories kcal", "Calories of one serving"),
    ask("effort", "enum", "difficulty effort level", "How difficult it is", labels=" ".join(_EFFORTS)),
    ask("vegan", "boolean", "vegan is_vegan", "Whether it has no animal products"),
    ask("tools", "texts", "tools equipment utensils", "Kitchen tools needed"),
    ask_records(
        "parts",
        "ingredients components",
        "What goes in",
        ask("food", "text", "name ingredient food", "The ingredient"),
        ask("amount", "integer", "amount quantity", "How much"),
        ask("unit", "text", "unit measure", "Unit of the amount"),
    ),
)

_EN = Phrases(
    (
        "{dish} (serves {serves})",
        "{dish} by {author}",
        "How to make {dish} for {serves}",
        "Today we cook {dish}.",
        "{dish}: {effort}.",
    ),
    (
        ("Ingredients: {parts}.", "You need {parts}.", "{parts}"),
        (
            "Preparation {prep} minutes, cooking {cook} minutes.",
            "Prep: {prep} min | Cook: {cook} min",
            "It cooks for {cook} minutes.",
        ),
        ("Heat the oven to {heat} °C.", "Bake at {heat} degrees."),
        ("{calories} kcal per serving.", "Calories: {calories}"),
        ("Difficulty: {effort}.",),
        ("{vegan}",),
        ("Have ready: {tools}.", "Tools: {tools}"),
        ("Recipe by {author}.", "{author} taught me this one."),
    ),
    {
        "parts": (
            ("{amount} {unit} {food}", ", "),
            ("{food} ({amount} {unit})", "; "),
            ("- {amount} {unit} of {food}", "\n"),
            ("{amount} {unit} {food}", "\n"),
        )
    },
)

DOMAIN = Domain("recipe", ("Recipe", "Dish"), ("A recipe", "How a dish is made"), _FIELDS, _recipe, {"en": _EN})
