"""Scores of the models over seeds, natively: the same rows, SQL and learner as in the tab.

    python benches/learning_seeds.py --preset demo --seeds 1-10 [--query "signal=3"] [--markdown FILE]

For each seed: `generate` writes raw Parquet, dbt builds the features, the example `learn` fits every
model. Prints a line a seed, then mean and spread of each score. Work is kept in target/learning.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pyarrow.ipc as ipc

ROOT = Path(__file__).resolve().parents[1]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="demo")
    parser.add_argument("--seeds", default="1-10", help="first-last")
    parser.add_argument("--query", default="", help="further parameters of the scenario")
    parser.add_argument("--profile", default="release", choices=["release", "debug"])
    parser.add_argument("--models", nargs="*", default=[])
    parser.add_argument("--settings", nargs="*", default=[], help="key=value of hyperparameters")
    parser.add_argument("--markdown", help="append a table to this file")
    parser.add_argument("--keep", action="store_true", help="use features that are there")
    return parser.parse_args()


def build(folder, query, generate):
    """Rows and models of a scenario in folder/metricflow.duckdb."""
    shutil.rmtree(folder, ignore_errors=True)
    run([generate, query, "--out", folder])
    scenario = json.loads((folder / "scenario.json").read_text())
    variables = {"as_of": scenario["as_of"], "raw_path": str(folder / "raw")}
    dbt = Path(sys.executable).with_name("dbt")
    project = ROOT / "sql"
    arguments = ["--project-dir", project, "--profiles-dir", project, "--target", "duckdb"]
    paths = ["--target-path", folder / "dbt_target", "--log-path", folder / "dbt_logs"]
    environment = {**os.environ, "METRICFLOW_DUCKDB_PATH": str(folder / "metricflow.duckdb")}
    run([dbt, "build", *arguments, *paths, "--exclude", "resource_type:test", "--vars", json.dumps(variables)], environment)


def export(folder, learner):
    """The rows of every input, as the tab hands them to its worker."""
    inputs = json.loads(run([learner, "--inputs"]))
    with duckdb.connect(str(folder / "metricflow.duckdb")) as connection:
        connection.execute("create schema if not exists truth")
        for path in (folder / "truth").glob("*.parquet"):
            connection.execute(f"create or replace view truth.{path.stem} as from '{path}'")
        for name, sql in inputs.items():
            if name == "churn_leaks":
                continue
            table = connection.execute(sql).fetch_arrow_table()
            with ipc.new_file(str(folder / f"{name}.arrow"), table.schema) as writer:
                writer.write_table(table)


def run(command, environment=None):
    done = subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def main():
    options = arguments()
    generate, learner = (TARGET / options.profile / name for name in ("generate", "examples/learn"))
    first, last = (options.seeds.split("-") + [options.seeds])[:2]
    scores = {}
    for seed in range(int(first), int(last) + 1):
        query = "&".join(filter(None, [f"preset={options.preset}", f"seed={seed}", options.query]))
        folder = TARGET / "learning" / f"{options.preset}-{seed}{'-' + options.query if options.query else ''}"
        began = time.monotonic()
        if not (options.keep and (folder / "metricflow.duckdb").exists()):
            build(folder, query, generate)
        export(folder, learner)
        built = time.monotonic()
        cards = [json.loads(line) for line in run([learner, folder, query, *options.models, *options.settings]).splitlines()]
        shown = []
        for card in cards:
            for score in card["scores"]:
                for kind in ("value", "baseline", "oracle"):
                    if score[kind] is not None:
                        scores.setdefault((card["model"], score["key"], kind), []).append(score[kind])
            lead = card["scores"][0]
            interval = " [{:.3f}, {:.3f}]".format(*lead["interval"]) if lead["interval"] else ""
            oracle = f" (oracle {lead['oracle']:.4f})" if lead["oracle"] is not None else ""
            shown.append(f"{card['model']} {lead['key']} {lead['value']:.4f}{interval}{oracle}")
        print(f"seed {seed}: {'; '.join(shown)}  [{built - began:.1f} s data, {time.monotonic() - built:.1f} s models]", flush=True)
    lines = ["| model | score | mean | sd | lowest | highest | baseline | oracle |", "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for model, key in dict.fromkeys((model, key) for model, key, _ in scores):
        values = scores[model, key, "value"]
        mean = lambda kind: f"{statistics.fmean(scores[model, key, kind]):.4g}" if (model, key, kind) in scores else ""
        spread = statistics.stdev(values) if len(values) > 1 else 0.0
        cells = [model, key, f"{statistics.fmean(values):.4g}", f"{spread:.2g}", f"{min(values):.4g}", f"{max(values):.4g}", mean("baseline"), mean("oracle")]
        lines.append("| " + " | ".join(cells) + " |")
    title = f"`preset={options.preset}{'&' + options.query if options.query else ''}`, seeds {options.seeds}"
    print("\n".join(["", title, "", *lines]))
    if options.markdown:
        with open(options.markdown, "a", encoding="utf-8") as file:
            file.write("\n".join([f"\n### {title}\n", *lines, ""]))


if __name__ == "__main__":
    main()
