"""Fine-tune the embedded default on a few hundred rows of one domain, and see what that changes.

The rows here are made up: notes of a bicycle workshop, in its own words. Put your own in a `.jsonl` file, one object
with `text`, `schema` and `value` a line. This takes some hundred seconds of one core: 11 % of the values are right
before, nearly all after some 600 examples. Training needs the extra `train`.
"""

import json
import tempfile
from pathlib import Path
from random import Random

import scaffold
from scaffold.evals.run import assess
from scaffold.train.loop import TrainOptions
from scaffold.train.run import Material, Origin, train

SCHEMA = {
    "type": "object",
    "properties": {
        "owner": {"type": "string"},
        "frame": {"type": ["string", "null"], "description": "frame number"},
        "faults": {"type": "array", "items": {"type": "string"}},
        "loaner": {"type": ["string", "null"], "description": "bicycle lent meanwhile"},
    },
    "required": ["owner", "frame", "faults", "loaner"],
}
OWNERS = ("Imre Tóth", "Ana Couto", "B. Lindqvist", "Joyce Adeyemi", "Tomasz", "Mrs Okafor", "Li Na", "Pat Duffy")
FAULTS = ("rear wheel out of true", "chain skips on 13", "BB creaks", "front brake rubs", "headset loose", "flat, rear")
LOANERS = ("the green Gazelle", "loaner 3", "the old Batavus")


def note(random):
    """One note of the workshop, and what it says."""
    owner, faults = random.choice(OWNERS), random.sample(FAULTS, random.randint(1, 3))
    frame = f"WTU{random.randint(100, 999)}{random.choice('ABCDEF')}" if random.random() < 0.6 else None
    loaner = random.choice(LOANERS) if random.random() < 0.4 else None
    text = f"{owner}{f' / {frame}' if frame else ''} -- {'; '.join(faults)}{f' >> {loaner}' if loaner else ''}"
    return {
        "text": text,
        "schema": SCHEMA,
        "value": {"owner": owner, "frame": frame, "faults": faults, "loaner": loaner},
    }


def main(steps=120, tested=40):
    random = Random(0)
    learned, unseen = [note(random) for _ in range(300)], [note(random) for _ in range(tested)]
    with tempfile.TemporaryDirectory() as folder:
        rows, out = Path(folder) / "rows.jsonl", Path(folder) / "tuned"
        rows.write_text("".join(json.dumps(row) + "\n" for row in learned), "utf-8")
        options = TrainOptions(steps=steps, log_every=10)
        train(out, Origin("default"), Material(rows, generated=0.1), options, progress, batch_tokens=1024)
        print(f"\nA note: {unseen[0]['text']}")
        show("before", scaffold.Filler(model="default"), unseen)
        show("after", scaffold.Filler(model=str(out)), unseen)


def progress(numbers):
    print(f"{numbers['seconds']:.0f} s, {numbers['examples']} examples, loss {numbers['loss']:.2f}")


def show(name, filler, rows):
    """What a model makes of one note, and of how many fields and notes it is right."""
    found = assess(filler, name, rows).counts["model"]
    print(f"{name}: {filler.fill(SCHEMA, rows[0]['text']).text}")
    print(f"  {found.present_match:.0%} of the values, {found.object_match:.0%} of the notes without a mistake")


if __name__ == "__main__":
    main()
