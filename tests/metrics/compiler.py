"""The crate, through its example: requests in, statements out."""

import json
import subprocess

import warehouse
import yaml


def statements(requests, tables="models", rows=False):
    """A statement, or an Exception's words, for each request."""
    project = yaml.safe_load((warehouse.PROJECT / "dbt_project.yml").read_text())
    defaults = {name: str(value) for name, value in project["vars"].items()}
    setup = {
        "files": warehouse.files(),
        "vars": {**defaults, **warehouse.variables()},
        "relations": warehouse.relations(),
    }
    lines = [json.dumps(setup), *(json.dumps({"tables": tables, "rows": rows, "request": request}) for request in requests)]
    done = subprocess.run(
        ["cargo", "run", "--quiet", "-p", "metrics", "--example", "compile"],
        input="\n".join(lines), capture_output=True, text=True, cwd=warehouse.ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
