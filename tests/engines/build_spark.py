"""Build the dbt project on Spark over a data set that `generate` wrote, and write its tables as Parquet.

    python build_spark.py DIR OUT

DIR holds raw/*.parquet and scenario.json. OUT gets one file a table, <schema>.<table>.parquet, and dbt's logs.
METRICFLOW_SPARK_MASTER chooses where it runs (default local[2]). Prints dbt's summary line, the time, and exits
with dbt's status.
"""

import json
import os
import shutil
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "sql"
SCHEMAS = ("staging", "intermediate", "marts", "advanced", "serving")


# For data this small, compiling Java for each query costs more than it saves.
SMALL_DATA = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "104857600",
}


def session(out, *, is_small):
    """Start Spark, with a catalogue that ends with the process; dbt finds the session and uses it."""
    from pyspark.sql import SparkSession

    java = "-Duser.timezone=UTC" + (" -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m" if is_small else "")
    settings = {
        "spark.master": os.environ.get("METRICFLOW_SPARK_MASTER", "local[2]"),
        "spark.driver.memory": os.environ.get("METRICFLOW_SPARK_MEMORY", "2g"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(out / "warehouse"),
        "spark.driver.extraJavaOptions": java,
        "spark.executor.extraJavaOptions": "-Duser.timezone=UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        **(SMALL_DATA if is_small else {}),
    }
    builder = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def build(folder, out):
    """Run `dbt build --target spark` in this process; return dbt's results and the seconds it took."""
    folder, out = Path(folder).resolve(), Path(out).resolve()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    scenario = json.loads((folder / "scenario.json").read_text())
    is_small = sum(file.stat().st_size for file in (folder / "raw").iterdir()) < 20_000_000
    os.environ["METRICFLOW_SPARK_HOME"] = str(out)
    os.environ.setdefault("METRICFLOW_SPARK_PARTITIONS", "1" if is_small else "4")

    from dbt.cli.main import dbtRunner

    started = time.monotonic()
    session(out, is_small=is_small)
    result = dbtRunner().invoke(
        [
            "--no-use-colors", "--quiet",
            "build",
            # Unit tests are about logic, not engines: dbt-duckdb runs them.
            "--exclude-resource-type", "unit_test",
            "--project-dir", str(PROJECT),
            "--profiles-dir", str(PROJECT),
            "--target", "spark",
            "--target-path", str(out / "dbt_target"),
            "--log-path", str(out / "dbt_logs"),
            "--vars", json.dumps({"as_of": scenario["as_of"], "raw_path": str(folder / "raw")}),
        ]
    )  # fmt: skip
    return result, time.monotonic() - started


def export(out):
    """Write every modelled table and view below OUT; return how many there are."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.getOrCreate()
    count = 0
    for schema in SCHEMAS:
        for row in session.sql(f"show tables in {schema}").collect():
            frame = session.table(f"{schema}.{row.tableName}")
            frame.write.mode("overwrite").parquet(str(Path(out).resolve() / f"{schema}.{row.tableName}.parquet"))
            count += 1
    session.stop()
    return count


def summary(result, seconds):
    """How many nodes passed, warned, failed or were skipped, as dbt's own last line counts them."""
    counts = {"pass": 0, "warn": 0, "error": 0, "skip": 0, "no-op": 0}
    # An exposure does nothing.
    kinds = {"success": "pass", "pass": "pass", "warn": "warn", "skipped": "skip", "no-op": "no-op"}
    for row in result.result or []:
        counts[kinds.get(str(row.status), "error")] += 1
    line = " ".join(f"{kind.upper()}={count}" for kind, count in counts.items())
    return f"Done. {line} TOTAL={sum(counts.values())} in {seconds:.1f} s"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    finished, took = build(*sys.argv[1:])
    for row in finished.result or []:
        if str(row.status) not in ("success", "pass", "no-op"):
            print(f"{row.status}: {row.node.unique_id}: {row.message}")
    if finished.exception:
        print(finished.exception)
    print(summary(finished, took))
    if finished.result:
        print(f"{export(sys.argv[2])} tables written")
    sys.exit(0 if finished.success else 1)
