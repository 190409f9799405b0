"""Made-up texts: result of a match."""

from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, Record, ask, ask_records
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, count, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_SPORTS = {
    "football": ("the striker headed the ball in", "a penalty kick decided it"),
    "basketball": ("a late three-pointer decided it", "he dunked at the buzzer"),
    "tennis": ("an ace ended the tie-break", "she broke the serve twice"),
    "ice_hockey": ("the puck slid past the goalie", "a power play made the difference"),
}


def _match(rng: Random, speech: Speech) -> Facts:
    sport, extra = rng.choice(list(_SPORTS)), rng.random() < 0.5
    teams = rng.sample(listed("Rovers United City Wanderers Falcons Tigers Bears Comets Rangers Athletic"), 2)
    home, away = (f"{things.city(rng, speech.language)} {team}" for team in teams)
    return {
        "home": Said(home),
        "away": Said(away),
        "home_goals": count(rng.randint(0, 8)),
        "away_goals": count(rng.randint(0, 8)),
        "day": speech.date(a_day(rng, 1980, 2028)),
        "stadium": Said(f"{things.brand(rng)} {rng.choice(('Stadium', 'Park', 'Arena'))}"),
        "crowd": speech.integer(rng.randint(310, 88000)),
        "referee": Said(people.full_name(rng)),
        "coach": Said(people.full_name(rng)),
        "sport": cue(rng.choice(_SPORTS[sport]), sport),
        "extra": cue("It went to extra time." if extra else "It was over after regular time.", extra),
        "goals": [
            {"player": Said(people.full_name(rng)), "minute": count(rng.randint(1, 90))}
            for _ in range(rng.randint(1, 4))
        ],
        "squads": [_squad(rng, team) for team in (home, away)],
        "best": Said(people.full_name(rng)),
    }


def _squad(rng: Random, team: str) -> Record:
    return {"team": Said(team), "players": [Said(people.family_name(rng)) for _ in range(rng.randint(2, 5))]}


_FIELDS = (
    ask("home", "text", "team name", "Team that played at home", group="home"),
    ask("away", "text", "team name", "Team that came as guests", group="away"),
    ask("home_goals", "integer", "score points", "Score of the home team", group="home"),
    ask("away_goals", "integer", "score points", "Score of the guests", group="away"),
    ask("day", "date", "date match_date played_on", "Day of the match"),
    ask("stadium", "text", "stadium venue", "Where it was played"),
    ask("crowd", "integer", "attendance spectators crowd", "Number of spectators"),
    ask("referee", "text", "referee", "Referee"),
    ask("coach", "text", "home_coach coach", "Coach of the home team"),
    ask("sport", "enum", "sport discipline", "Kind of sport", labels=" ".join(_SPORTS)),
    ask("extra", "boolean", "extra_time overtime", "Whether it took longer than regular time"),
    ask_records(
        "goals",
        "goals scorers",
        "Who scored and when",
        ask("player", "text", "player scorer name", "Who scored"),
        ask("minute", "integer", "minute time", "In which minute"),
    ),
    ask_records(
        "squads",
        "lineups squads teams",
        "Who played in each team",
        ask("team", "text", "team name side", "Name of the team"),
        ask("players", "texts", "players lineup squad", "Players of the team"),
    ),
    ask("best", "text", "best_player player_of_the_match", "Best player"),
)

_EN = Phrases(
    (
        "{home} - {away} {home_goals}:{away_goals}",
        "{home} played {away} on {day}; it ended {home_goals}-{away_goals}.",
        "At {stadium}, {home} met {away}.",
        "{home} {home_goals}, {away} {away_goals} ({day})",
        "{away} lost their nerve against {home}, and {sport}.",
    ),
    (
        ("{crowd} people came to {stadium}.", "Attendance: {crowd}", "In front of {crowd} spectators."),
        ("Referee: {referee}", "{referee} was the referee."),
        ("In the end {sport}.",),
        ("{extra}",),
        ("Goals: {goals}.", "Scorers: {goals}"),
        ("Coach {coach} was content.", "Home coach: {coach}"),
        ("Player of the match: {best}", "{best} was the best on the field."),
        ("The match took place on {day}.",),
        ("Line-ups: {squads}.", "Teams\n{squads}"),
    ),
    {
        "squads": (("{team}: {players}", "; "), ("{team} ({players})", ", "), ("{team}: {players}", "\n")),
        "goals": (
            ("{player} ({minute}')", ", "),
            ("{minute}. {player}", "; "),
            ("{player} in minute {minute}", " and "),
            ("{player}", ", "),
        ),
    },
)

DOMAIN = Domain("match", ("Match", "GameReport", "SportsResult"), ("Result of a match",), _FIELDS, _match, {"en": _EN})
