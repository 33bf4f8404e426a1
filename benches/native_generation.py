"""Measures the native generator: peak memory by users, rows/s by threads, and a ratio to tpchgen-cli.

usage: native_generation.py [--tpchgen PATH] [--users 100000,300000,1000000] [--runs 3]

Builds `generate` in release mode and prints one table; on a machine with other work, rates by processor second
(both threads and Parquet together) are the ones to quote. Both programs write Parquet (Snappy) into a
temporary folder on the same disk, in turns, and what they wrote is deleted after each run. tpchgen-cli
comes from PyPI: `pip install tpchgen-cli` in any environment, then give its path.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import duckdb

REPOSITORY = Path(__file__).resolve().parents[1]


def measured(command):
    """Seconds, processor seconds and peak resident MiB of a command."""
    began = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed with {status}")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def written(folder):
    """Rows and bytes of all Parquet files below a folder."""
    size = sum(path.stat().st_size for path in Path(folder).rglob("*.parquet") if path.is_file())
    rows = duckdb.sql(
        f"select sum(num_rows)::bigint from parquet_file_metadata('{folder}/**/*.parquet')"
    ).fetchone()[0]
    return rows, size


def run(command, out):
    """Rows/s, MB/s and rows by processor second (all in millions), seconds, peak MiB of one run; its files are deleted."""
    shutil.rmtree(out, ignore_errors=True)
    Path(out).mkdir(parents=True)
    seconds, processor, peak = measured([*command, out])
    rows, size = written(out)
    shutil.rmtree(out)
    return rows / seconds / 1e6, size / seconds / 1e6, rows / processor / 1e6, size / processor / 1e6, seconds, peak


def line(what, results):
    rate, volume, by_processor, volume_by, seconds, peak = (statistics.median(values) for values in zip(*results))
    print(
        f"{what:28} {rate:6.2f} M rows/s {volume:6.1f} MB/s | by processor second {by_processor:5.2f} M rows {volume_by:6.1f} MB"
        f" | {seconds:6.1f} s {peak:6.0f} MiB peak",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tpchgen")
    parser.add_argument("--scale", default="1", help="scale factor of TPC-H")
    parser.add_argument("--users", default="100000,300000,1000000")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--binary", help="a `generate` that was built already")
    given = parser.parse_args()
    binary = given.binary
    if not binary:
        subprocess.run(["cargo", "build", "--release", "--quiet", "--bin", "generate"], cwd=REPOSITORY, check=True)
        binary = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release" / "generate"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"

        def generate(users, threads):
            return [binary, "--users", users, "--threads", threads, "--out"]

        sizes = [int(users) for users in given.users.split(",")]
        for users in sizes:
            line(f"{users:,} users, 2 threads", [run(generate(users, 2), out)])
        line(f"{sizes[-1]:,} users, 1 thread", [run(generate(sizes[-1], 1), out)])
        turns = {"generate, 1 thread": generate(sizes[0], 1), "generate, 2 threads": generate(sizes[0], 2)}
        if given.tpchgen:
            for threads in (1, 2):
                turns[f"tpchgen-cli, {threads} thread(s)"] = [
                    given.tpchgen, "parquet", "-s", given.scale, "-n", threads, "--output-dir",
                ]
        results = {what: [] for what in turns}
        for _ in range(given.runs):
            for what, command in turns.items():
                results[what].append(run(command, out))
        for what, of_one in results.items():
            line(what, of_one)


if __name__ == "__main__":
    main()
