"""Data sets with everything the learners read, and what they learned natively."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.ipc as ipc

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "coverage"))

from replay import Replay  # noqa: E402

OUT = REPOSITORY / "target" / "ml_python"


def binary(name, kind):
    """Path of a built program."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    profile = os.environ.get("ML_PROFILE", "release")
    option = [] if profile == "debug" else ["--release"]
    subprocess.run(["cargo", "build", "--quiet", f"--{kind}", name, *option], cwd=REPOSITORY, check=True)
    return target / profile / ("examples" if kind == "example" else "") / name


def read(path):
    """An Arrow file as a pandas frame."""
    with ipc.open_file(path) as reader:
        return reader.read_pandas()


def learned(query, name, *, built="tiny", only=()):
    """The folder of a scenario whose models, or those in `only`, are fitted: rows, tables and a card for each."""
    generate, learn = binary("generate", "bin"), binary("learn", "example")
    folder = OUT / name
    subprocess.run([generate, query, "--out", folder], check=True, stdout=subprocess.DEVNULL)
    statements = json.loads(subprocess.run([learn, "--inputs"], check=True, capture_output=True, text=True).stdout)
    replay = Replay(REPOSITORY / "target" / "parity" / built)
    wanted = {"churn": "churn_", "ltv": "ltv_"}
    if only:
        statements = {key: sql for key, sql in statements.items() if key.startswith(tuple(wanted[model] for model in only))}
    read_by = json.dumps(statements)
    models = [key.split(".")[-1] for key in replay.nodes if key.startswith("model.") and key.split(".")[-1] in read_by]
    with replay.run(folder, models) as connection:
        for name_of_input, sql in statements.items():
            table = connection.execute(sql).fetch_arrow_table()
            with ipc.new_file(folder / f"{name_of_input}.arrow", table.schema) as writer:
                writer.write_table(table)
    fitted = subprocess.run([learn, folder, query, *only, "--design"], check=True, capture_output=True, text=True)
    cards = [json.loads(line) for line in fitted.stdout.splitlines()]
    (folder / "cards.json").write_text(json.dumps({card["model"]: card for card in cards}))
    # `  Growing trees: 0.012` for each step of a model, then `Churn: 0.14 s`; in the order of the cards.
    seconds, steps = [], {}
    for line in fitted.stderr.splitlines():
        name, _, value = line.strip().rpartition(": ")
        if line.endswith(" s"):
            seconds.append({**steps, "all": float(value.split()[0])})
            steps = {}
        else:
            steps[name] = steps.get(name, 0) + float(value)
    (folder / "seconds.json").write_text(json.dumps(dict(zip([card["model"] for card in cards], seconds, strict=True))))
    return folder


def drawn(folder, query, model, draws):
    """Cards of a model fitted on a folder's rows again and again, each time with other draws of rows and features."""
    learn = binary("learn", "example")
    fits = (subprocess.run([learn, folder, query, model, f"draw={draw}"], check=True, capture_output=True, text=True) for draw in range(draws))
    return [json.loads(fit.stdout) for fit in fits]


def cards(folder):
    """The cards of all models that could be fitted."""
    return json.loads((folder / "cards.json").read_text())


def card(folder, model):
    """A model's card and the seconds of each of its steps, and of `all`."""
    return cards(folder)[model], json.loads((folder / "seconds.json").read_text())[model]
