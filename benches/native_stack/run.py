"""The tab from a link to everything, beside the programs that people run for the same: NumPy, dbt-duckdb, XGBoost, scikit-learn, Prophet.

usage: run.py [--scenario preset=full] [--root dist] [--runs 1] [--python-ml PATH]

Native: a NumPy generator of the same tables, dbt on DuckDB for the same models (its default threads, no data tests), five models by Python
libraries; each a program of its own, started cold, one after the other. The tab: a fresh browser, from the link to rows, models, data tests
and learned models. In turns in one run; what counts is the ratio. `make ml-python` makes the environment of the libraries.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
OUT = REPOSITORY / "target" / "native_stack"
CACHE = Path(os.environ.get("METRICFLOW_CACHE", Path.home() / ".cache" / "metricflow"))
sys.path.insert(0, str(REPOSITORY / "tests" / "parity"))


def seconds(command, **options):
    """How long a program takes, its start included."""
    began = time.perf_counter()
    subprocess.run([str(part) for part in command], check=True, cwd=REPOSITORY, **options)
    return time.perf_counter() - began


def native(data, python_ml):
    """Seconds of each program."""
    database = OUT / "metricflow.duckdb"
    database.unlink(missing_ok=True)
    as_of = json.loads((data / "scenario.json").read_text())["as_of"]
    variables = json.dumps({"as_of": as_of, "raw_path": str(data / "raw")})
    dbt = [Path(sys.executable).with_name("dbt"), "--quiet", "build", "--exclude-resource-type", "test", "--exclude", "path:models/serving", "path:dbt_only"]
    folders = ["--project-dir", "sql", "--profiles-dir", "sql", "--vars", variables]
    environment = {**os.environ, "METRICFLOW_DUCKDB_PATH": str(database)}
    return {
        "generate (NumPy)": seconds([sys.executable, HERE / "generate.py", data, OUT / "numpy"], stderr=subprocess.DEVNULL),
        "models (dbt-duckdb)": seconds([*dbt, *folders], env=environment),
        "learn (XGBoost, scikit-learn, Prophet)": seconds([python_ml, HERE / "learn.py", database]),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="preset=full")
    parser.add_argument("--root", default="dist")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--python-ml", default=CACHE / "python-ml" / "bin" / "python")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    data = OUT / "data"
    # Only for the models to have rows with a meaning; NumPy's draws have none, and take the time that counts.
    seconds(["cargo", "run", "--quiet", "--release", "--bin", "generate", "--", options.scenario, "--out", data], stdout=subprocess.DEVNULL)
    tabs, natives = [], []
    for _ in range(options.runs):
        natives.append(native(data, options.python_ml))
        told = subprocess.run(
            ["node", "benches/start.mjs", "--root", options.root, "--scenario", options.scenario, "--runs", "1"],
            check=True, cwd=REPOSITORY, capture_output=True, text=True,
        )  # fmt: skip
        print(told.stdout, flush=True)
        # A title, the columns, the build's seconds.
        tabs.append(float(told.stdout.splitlines()[2].split()[-1]))
    for name in natives[0]:
        print(f"{name:40} {statistics.median(one[name] for one in natives):7.1f} s")
    whole = statistics.median(sum(one.values()) for one in natives)
    tab = statistics.median(tabs)
    print(f"{'native, end to end':40} {whole:7.1f} s\n{'the tab, link to everything':40} {tab:7.1f} s\nratio {tab / whole:.2f}")


if __name__ == "__main__":
    main()
