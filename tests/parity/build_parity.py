"""Build the dbt project natively over a data set that `generate` wrote.

    python build_parity.py DIR [DATABASE]

DIR holds raw/*.parquet and scenario.json; DATABASE defaults to DIR/metricflow.duckdb.
Prints dbt's summary line and exits with dbt's status.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "sql"


def build(folder, database=None, *, check=True, keep_going=False):
    """Run `dbt build`; return the database's path and dbt's completed process.

    A build skips what stands behind a failing test. With `keep_going` all models are built and then all tests run,
    as in the tab; tests that fail are no error then.
    """
    folder = Path(folder).resolve()
    database = Path(database or folder / "metricflow.duckdb").resolve()
    for old in (database, Path(f"{database}.wal")):
        old.unlink(missing_ok=True)
    for command in ("seed", "run", "test") if keep_going else ("build",):
        process = dbt(command, folder, database)
        if check and process.returncode and command != "test":
            failures = [line for line in process.stdout.splitlines() if "PASS " not in line and "START" not in line]
            raise RuntimeError(f"dbt {command} failed\n" + "\n".join(failures[-80:]) + process.stderr)
    return database, process


def dbt(command, folder, database, *options, as_of=None):
    """Run one command of dbt over the folder's rows, by default as of their last day."""
    as_of = as_of or json.loads((folder / "scenario.json").read_text())["as_of"]
    program = Path(sys.executable).with_name("dbt")
    return subprocess.run(
        [
            str(program if program.exists() else shutil.which("dbt")),
            "--no-use-colors",
            command,
            *options,
            "--project-dir", str(PROJECT),
            "--profiles-dir", str(PROJECT),
            "--target", "duckdb",
            "--target-path", str(folder / "dbt_target"),
            "--log-path", str(folder / "dbt_logs"),
            "--vars", json.dumps({"as_of": as_of, "raw_path": str(folder / "raw")}),
        ],
        env={**os.environ, "METRICFLOW_DUCKDB_PATH": str(database)},
        capture_output=True,
        text=True,
    )  # fmt: skip


def summary(process):
    """dbt's own last line, as `Done. PASS=… ERROR=…`."""
    lines = [line for line in process.stdout.splitlines() if "Done. " in line]
    return lines[-1] if lines else process.stdout[-2000:] + process.stderr


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    path, finished = build(*sys.argv[1:], check=False)
    if finished.returncode:
        print(finished.stdout)
    print(path)
    print(summary(finished))
    sys.exit(finished.returncode)
