"""Builds natively what the browser tests compare the tab with.

    python prepare.py

For each scenario of scenarios.json: `generate` writes target/parity/<name>/raw, dbt builds
metricflow.duckdb beside it; kpis.json holds what the Executive page's tiles must show, and
panels-<page>.json what panels of the other pages must. Where defects are planted, tests fail, so dbt
builds all models before it runs any test, and only tables and verdicts are kept.
A scenario whose rows and project have not changed since is left as it is.
"""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import duckdb
from build_parity import build, summary

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
OUT = REPOSITORY / "target" / "parity"


def project_hash():
    """Hash of everything dbt reads."""
    digest = hashlib.sha256()
    for path in sorted((REPOSITORY / "sql").rglob("*")):
        if path.suffix in {".sql", ".yml", ".csv", ".md"} and "target" not in path.parts:
            digest.update(path.relative_to(REPOSITORY).as_posix().encode() + path.read_bytes())
    for path in (HERE / "kpis.sql", HERE / "build_parity.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def generator():
    """Path of the generator, built when it is not: as the native tests built it, since another choice of
    features would build everything once more."""
    build = ["cargo", "test", "--quiet", "--no-run", "--test", "generate_command"]
    subprocess.run(build, cwd=REPOSITORY, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return target / "debug" / "generate"


def is_defective(query):
    """Whether the scenario plants faults that data tests must find."""
    return "defect_" in query


def write_kpis(folder, database):
    """Writes what the Executive page's tiles must show: kpis.sql → kpis.json."""
    with duckdb.connect(str(database), read_only=True) as connection:
        result = connection.execute((HERE / "kpis.sql").read_text())
        kpis = dict(zip([column[0] for column in result.description], result.fetchone(), strict=True))
    (folder / "kpis.json").write_text(json.dumps(kpis))


def write_panels(folder):
    """Writes what each page's panels must show: panels/<page>.sql → panels-<page>.json."""
    with duckdb.connect(str(folder / "metricflow.duckdb"), read_only=True) as connection:
        for path in sorted((HERE / "panels").glob("*.sql")):
            result = connection.execute(path.read_text())
            names = [column[0] for column in result.description]
            rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
            (folder / f"panels-{path.stem}.json").write_text(json.dumps(rows))


def main():
    generate, project = generator(), project_hash()
    for name, query in json.loads((HERE / "scenarios.json").read_text()).items():
        folder = OUT / name
        fresh = folder.with_suffix(".fresh")
        shutil.rmtree(fresh, ignore_errors=True)
        subprocess.run([generate, query, "--out", fresh], check=True, stdout=subprocess.DEVNULL)
        fingerprint = json.loads((fresh / "scenario.json").read_text())["fingerprint"]
        stamp = f"{fingerprint} {project}"
        if (folder / "stamp").exists() and (folder / "stamp").read_text() == stamp:
            shutil.rmtree(fresh)
            if not is_defective(query):
                write_panels(folder)
            print(f"{name}: unchanged")
            continue
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
        database, process = build(folder, keep_going=is_defective(query))
        if not is_defective(query):
            write_kpis(folder, database)
            write_panels(folder)
        (folder / "stamp").write_text(stamp)
        print(f"{name}: {summary(process)}")


if __name__ == "__main__":
    main()
