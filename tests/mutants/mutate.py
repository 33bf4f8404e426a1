"""SQL mutants of the models: which tests catch them?

    python mutate.py list          writes mutants.tsv, the chosen mutants; reasons and results keep to their numbers
    python mutate.py run [JOBS]    tries each in as many processes, writes results.tsv and docs/mutants.md
    python mutate.py retry [JOBS]  the same for those that are new, or that nothing caught

A mutant is one change to one model's compiled SQL, made by a rule of rules.py. The model and all that reads it are built
anew over Tiny, then every data test on them and the model's unit tests run; what they let pass goes on to tests/oracles.
Needs `make parity-data`.
"""

import contextlib
import csv
import io
import os
import random
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from engine import REPOSITORY, Project
from rules import mutants_of, mutated

HERE = Path(__file__).resolve().parent
COLUMNS = ["id", "model", "rule", "line", "column", "before", "after"]
PER_MODEL = 6
CAUGHT = ("data", "unit", "oracle")
WORK = REPOSITORY / "target" / "mutants"


def choose(project):
    """Up to PER_MODEL of each model's mutants, of as many rules as can be, and every leak; the same each time."""
    chosen = []
    for name in sorted(project.keys):
        candidates = list(mutants_of(name, project.sql(name)))
        draw = random.Random(f"mutants of {name}")
        draw.shuffle(candidates)
        seen, own = Counter(), []
        for candidate in candidates:
            if candidate[1] == "leak":
                own.append(candidate)
        taken = len(own)
        # Rare rules first, so that joins and filters are not drowned by arithmetic.
        weights = Counter(candidate[1] for candidate in candidates)
        for candidate in sorted(candidates, key=lambda one: weights[one[1]]):
            if candidate[1] != "leak" and not seen[candidate[1]] and len(own) < PER_MODEL + taken:
                seen[candidate[1]] += 1
                own.append(candidate)
        chosen += own
    return [(f"m{number:03}", *mutant) for number, mutant in enumerate(chosen, 1)]


def write(path, header, rows):
    with path.open("w", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)


def read(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def sql_of(project, mutant):
    return mutated(project.sql(mutant["model"]), int(mutant["line"]), int(mutant["column"]), mutant["before"], mutant["after"])


def failing_oracles(project, mutant, sql):
    """The first test of tests/oracles that fails on a database built with the mutant."""
    # The catalogue takes the file's name, and fixtures may still hold the last mutant's file open.
    database = WORK / "survivors" / mutant["id"] / "metricflow.duckdb"
    database.parent.mkdir(parents=True, exist_ok=True)
    project.write(mutant["model"], sql, database)
    os.environ["METRICFLOW_DATABASE"] = str(database)
    # Only files that name a table which changed can see it; those that name the mutant's own come first.
    changed = [project.models[key]["name"] for key in project.downstream(mutant["model"])]
    texts = {path: path.read_text() for path in (REPOSITORY / "tests" / "oracles").glob("test_*.py")}
    seeing = [path for path, text in texts.items() if any(f".{name}" in text for name in changed)]
    files = sorted(seeing, key=lambda path: (f".{mutant['model']}" not in texts[path], path))
    if not files:
        return []
    failures = Failures()
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(
            ["-q", "-x", "--no-header", "-p", "no:cacheprovider", "-k", "tiny and not odd and not demo", *map(str, files)],
            plugins=[failures],
        )
    return failures.names


class Failures:
    """Names of the tests that failed in a run of pytest."""

    def __init__(self):
        self.names = []

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.names.append(report.nodeid.split("::")[-1])


def renumber(before, chosen):
    """Gives reasons and results the numbers of a new list; those of a mutant that is no longer made go."""
    what = lambda one: tuple(one[column] for column in ("model", "rule", "before", "after"))  # noqa: E731
    numbers = {what(dict(zip(COLUMNS, mutant))): mutant[0] for mutant in chosen}
    names = {one["id"]: what(one) for one in before}
    for path in (HERE / "reasons.tsv", HERE / "results.tsv"):
        rows = read(path)
        kept = [{**row, "id": numbers[names[row["id"]]]} for row in rows if names.get(row["id"]) in numbers]
        write(path, list(rows[0]), [list(row.values()) for row in sorted(kept, key=lambda row: row["id"])])


def start():
    """Each process works on a database of its own."""
    global project
    project = Project(WORK / f"run-{os.getpid()}")


def attempt(mutant):
    """Tries one mutant: its row of results.tsv."""
    sql = sql_of(project, mutant)
    found = project.failing(mutant["model"], sql)
    caught_by = "unit" if found and all(name.startswith("unit test") for name in found) else "data" if found else ""
    if not found and project.is_same(mutant["model"], sql):
        caught_by = "same"
    elif not found:
        found = failing_oracles(project, mutant, sql)
        caught_by = "oracle" if found else ""
    return (mutant["id"], caught_by or "survived", len(found), " · ".join(found[:3]))


def run(*, is_retry, jobs):
    """Tries every mutant; a retry only those that nothing has caught yet."""
    mutants = read(HERE / "mutants.tsv")
    before = {row["id"]: tuple(row.values()) for row in read(HERE / "results.tsv")} if is_retry else {}
    results = {id: row for id, row in before.items() if row[1] in CAUGHT}
    todo = [mutant for mutant in mutants if mutant["id"] not in results]
    with ProcessPoolExecutor(jobs, initializer=start) as pool:
        for mutant, result in zip(todo, pool.map(attempt, todo)):
            results[mutant["id"]] = result
            print(*result[:3], mutant["model"], mutant["rule"], result[3].split(" · ")[:1], flush=True)
    rows = [results[mutant["id"]] for mutant in mutants]
    write(HERE / "results.tsv", ["id", "outcome", "count_tests", "first_tests"], rows)
    publish()


def publish():
    """docs/mutants.md from the two tables and the reasons given for survivors."""
    mutants, results = read(HERE / "mutants.tsv"), {row["id"]: row for row in read(HERE / "results.tsv")}
    reasons = {row["id"]: row for row in read(HERE / "reasons.tsv")}
    outcomes = Counter(row["outcome"] for row in results.values())
    total, caught = len(mutants), sum(outcomes[kind] for kind in CAUGHT)
    # Equivalent: no data can tell it from the model. A reason counts only while no test catches the mutant.
    uncaught = [one["id"] for one in mutants if results[one["id"]]["outcome"] not in CAUGHT]
    equivalent = sum(1 for one in uncaught if one in reasons and reasons[one]["kind"] == "equivalent")
    lines = [
        "# SQL mutants",
        "",
        "Written by `make mutants`. Each mutant is one change to one model, made by a rule (`tests/mutants/rules.py`) and chosen by a",
        "fixed draw (`tests/mutants/mutants.tsv`); it and all models that read it are built over Tiny, and all tests run.",
        "",
        f"**{caught} of the {total - equivalent} mutants that can be caught are ({caught / (total - equivalent):.1%})**: "
        f"{outcomes['data']} by data tests, {outcomes['unit']} by unit tests alone, {outcomes['oracle']} by the oracles alone.",
        f"{total} were made; {equivalent} are equivalent to their model, each with its reason below, and {len(uncaught) - equivalent} survive otherwise.",
        "",
        "| rule | mutants | caught |",
        "| --- | ---: | ---: |",
    ]
    by_rule = defaultdict(list)
    for mutant in mutants:
        by_rule[mutant["rule"]].append(results[mutant["id"]]["outcome"] in CAUGHT)
    lines += [f"| {rule} | {len(found)} | {sum(found)} |" for rule, found in sorted(by_rule.items())]
    lines += ["", "## Survivors", "", "| mutant | model | rule | change | why |", "| --- | --- | --- | --- | --- |"]
    cell = lambda text: "`" + text.replace("|", "\\|") + "`"  # noqa: E731
    for mutant in mutants:
        outcome = results[mutant["id"]]["outcome"]
        if outcome in ("same", "survived"):
            known = reasons.get(mutant["id"])
            why = f"{known['kind']}: {known['reason']}" if known else "no row of Tiny reaches it" if outcome == "same" else "no test looks"
            lines.append(f"| {mutant['id']} | {mutant['model']} | {mutant['rule']} | {cell(mutant['before'])} → {cell(mutant['after'])} | {why} |")
    lines += ["", "## Caught", "", "| mutant | model | rule | change | tests | first of them |", "| --- | --- | --- | --- | ---: | --- |"]
    for mutant in mutants:
        row = results[mutant["id"]]
        if row["outcome"] in CAUGHT:
            lines.append(
                f"| {mutant['id']} | {mutant['model']} | {mutant['rule']} | {cell(mutant['before'])} → {cell(mutant['after'])} | "
                f"{row['count_tests']} | {row['first_tests'].split(' · ')[0].replace('|', ' ')} |"
            )
    (REPOSITORY / "docs" / "mutants.md").write_text("\n".join(lines) + "\n")
    print(*lines[5:7], sep="\n")


if __name__ == "__main__":
    command, *rest = sys.argv[1:] or [""]
    if command == "list":
        chosen = choose(Project(WORK / "list"))
        renumber(read(HERE / "mutants.tsv"), chosen)
        write(HERE / "mutants.tsv", COLUMNS, chosen)
        print(f"{len(chosen)} mutants")
    elif command in ("run", "retry"):
        run(is_retry=command == "retry", jobs=int(*rest) if rest else os.cpu_count())
    elif command == "publish":
        publish()
    else:
        sys.exit(__doc__)
