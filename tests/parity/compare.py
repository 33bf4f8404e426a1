"""Compare the tab's tables with those dbt built, row for row.

    python compare.py TABDIR DATABASE

TABDIR holds one file a table, <schema>.<table>.arrow (IPC stream or file), .parquet, .jsonl or .csv.
Rows are compared after sorting by all columns: integers, strings, dates, timestamps and booleans
exactly, doubles to 1e-9 relative. Every table and view of the modelled schemas must be there.
Exits with 1 and names table, row and column of what differs.
"""

import sys
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.ipc
import pyarrow.json
import pyarrow.parquet

SCHEMAS = ("staging", "intermediate", "marts", "advanced", "serving")
SUFFIXES = (".arrow", ".parquet", ".jsonl", ".csv")
RELATIVE = 1e-9


def read(path):
    """The file as one Arrow table."""
    if path.suffix == ".parquet":
        return pa.parquet.read_table(path)
    if path.suffix == ".jsonl":
        return pa.json.read_json(path)
    if path.suffix == ".csv":
        return pa.csv.read_csv(path, convert_options=pa.csv.ConvertOptions(strings_can_be_null=True))
    with pa.memory_map(str(path)) as source:
        try:
            return pa.ipc.open_file(source).read_all()
        except pa.ArrowInvalid:
            source.seek(0)
            return pa.ipc.open_stream(source).read_all()


def as_words(table):
    """The table with words for the codes of ENUM columns, which Spark and the tab's files have as words."""
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, pc.cast(table[field.name], field.type.value_type))
    return table


def cast(column, kind):
    """The column in the native type; what does not fit it is an error."""
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_date(kind) and pa.types.is_string(column.type):
        column = pc.cast(pc.utf8_slice_codeunits(column, 0, 10), pa.date32())
    if pa.types.is_date(kind) and pa.types.is_timestamp(column.type):
        column = pc.cast(column, pa.date32())
    if pa.types.is_timestamp(kind) and pa.types.is_string(column.type):
        column = pc.replace_substring(pc.replace_substring(column, "Z", ""), "T", " ")
    if pa.types.is_integer(kind) and pa.types.is_floating(column.type):
        return pc.cast(column, kind, safe=True)
    return pc.cast(column, kind)


def comparable(table):
    """Sorted by all columns, doubles last so that their noise does not reorder rows."""
    names = sorted(table.column_names, key=lambda name: (pa.types.is_floating(table.schema.field(name).type), name))
    order = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in names])
    return table.take(order)


def differences(name, tab, native, limit=5, where="in the tab"):
    """What differs between two Arrow tables, as lines of text."""
    missing = sorted(set(native.column_names) - set(tab.column_names))
    extra = sorted(set(tab.column_names) - set(native.column_names))
    if missing or extra:
        return [f"{name}: columns missing {where} {missing}, unknown to dbt {extra}"]
    if tab.num_rows != native.num_rows:
        return [f"{name}: {tab.num_rows} rows {where}, {native.num_rows} by dbt"]
    try:
        tab = pa.table({field.name: cast(tab[field.name], field.type) for field in native.schema})
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        return [f"{name}: {error}"]
    tab, native = comparable(tab), comparable(native)
    found = []
    for field in native.schema:
        ours, theirs = tab[field.name], native[field.name]
        if ours.equals(theirs):
            continue
        for row in np.flatnonzero(unequal(ours, theirs))[: limit - len(found)]:
            left, right = ours[row].as_py(), theirs[row].as_py()
            found.append(f"{name}.{field.name}, sorted row {row}: {left!r} {where}, {right!r} by dbt")
    return found


def unequal(ours, theirs):
    """For each row, whether two columns of one type differ; a null is equal to a null alone."""
    nulls = pc.xor(pc.is_null(ours), pc.is_null(theirs))
    if pa.types.is_floating(ours.type):
        left, right = (np.asarray(pc.fill_null(column, 0.0)) for column in (ours, theirs))
        with np.errstate(invalid="ignore"):
            near = np.abs(left - right) <= RELATIVE * np.maximum(np.abs(left), np.abs(right))
        values = ~((left == right) | (near & np.isfinite(left) & np.isfinite(right)))
    else:
        values = np.asarray(pc.fill_null(pc.not_equal(ours, theirs), False))
    return np.asarray(nulls) | values


def compare(folder, database, where="in the tab"):
    """Lines for what differs, and the number of tables and rows compared."""
    connection = duckdb.connect(str(database), read_only=True)
    tables = connection.execute(
        "select table_schema, table_name from information_schema.tables "
        f"where table_schema in {SCHEMAS} order by all"
    ).fetchall()
    found, compared, rows = [], 0, 0
    for schema, table in tables:
        name = f"{schema}.{table}"
        path = next((p for p in (Path(folder) / f"{name}{s}" for s in SUFFIXES) if p.exists()), None)
        if path is None:
            found.append(f"{name}: no file in {folder}")
            continue
        native = as_words(connection.execute(f'select * from "{schema}"."{table}"').fetch_arrow_table())
        compared += 1
        rows += native.num_rows
        found += differences(name, read(path), native, where=where)
    return found, compared, rows


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    lines, count, total = compare(*sys.argv[1:])
    print("\n".join(lines))
    print(f"{count} tables, {total} rows compared, {len(lines)} differences")
    sys.exit(1 if lines or not count else 0)
