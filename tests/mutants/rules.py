"""Rules that turn a model's compiled SQL into mutants, each a single change."""

import re

# Name, pattern, replacement. A pattern sees one line, without its comment.
RULES = [
    ("left join to inner", r"\bleft join\b", "inner join"),
    ("inner join to left", r"\binner join\b", "left join"),
    ("filter negated", r"\bwhere (?!\()(?!.*\bover\b)(.+)$", r"where not (\1)"),
    ("filter dropped", r"\bwhere (?!\()(?!.*\bover\b)(.+)$", "where 1 = 1"),
    ("condition dropped", r"^(\s*)and (?!.*\bthen\b)(?![^()]*\)[^()]*$).+$", r"\1"),
    ("< to <=", r" < ", " <= "),
    ("<= to <", r" <= ", " < "),
    ("> to >=", r" > ", " >= "),
    (">= to >", r" >= ", " > "),
    ("sum to max", r"\bsum\(", "max("),
    ("max to min", r"\bmax\(", "min("),
    ("min to max", r"\bmin\(", "max("),
    ("distinct dropped", r"\bcount\(distinct ", "count("),
    ("median to max", r"\bmedian\(", "max("),
    ("coalesce dropped", r"\bcoalesce\(([\w.]+), [\w.']+\)", r"\1"),
    ("union all to union", r"\bunion all$", "union"),
    ("union to union all", r"\bunion$", "union all"),
    ("window without its row", r"unbounded preceding and current row", "unbounded preceding and 1 preceding"),
    ("window moved", r"\b(\d+) preceding and current row", r"\1 preceding and 1 preceding"),
    ("lag to lead", r"\blag\(", "lead("),
    ("lead to lag", r"\blead\(", "lag("),
    ("order reversed", r"^(\s*order by [\w.]+)$", r"\1 desc"),
    ("plus to minus", r" \+ ", " - "),
    ("minus to plus", r"(?<=[\w)]) - ", " + "),
    ("else 0 to 1", r"\belse 0\b", "else 1"),
    ("is null negated", r"\bis null\b", "is not null"),
    ("is not null negated", r"\bis not null\b", "is null"),
    ("or to and", r"^(\s*)or ", r"\1and "),
    ("constant plus 1", r"(?<=[ (])([2-9]|[1-9]\d{1,2})(?=[ ,)]|$)", lambda found: str(int(found[1]) + 1)),
]

# A feature made to read what lies at or after its snapshot.
LEAKS = [
    ("churn_features", "snapshots.snapshot_number = latest.block_number", "snapshots.snapshot_number - 1 = latest.block_number"),
    ("int_customer_blocks", "blocks.block_number = payments_by_block.block_number", "blocks.block_number - 1 = payments_by_block.block_number"),
    ("ltv_features", "where sessions.session_date < users.snapshot_date", "where sessions.session_date <= users.snapshot_date"),
]


def code_lines(sql):
    """Numbers and texts of the lines that are not comments."""
    for number, line in enumerate(sql.split("\n")):
        if line.strip() and not line.strip().startswith("--"):
            yield number, line


def mutants_of(model, sql):
    """Every mutant of a model: (model, rule, line number from 0, column, before, after)."""
    for number, line in code_lines(sql):
        for rule, pattern, replacement in RULES:
            for found in re.finditer(pattern, line):
                after = line[: found.start()] + found.expand(replacement) + line[found.end() :] if isinstance(
                    replacement, str
                ) else line[: found.start()] + replacement(found) + line[found.end() :]
                if after != line:
                    yield (model, rule, number, found.start(), line.strip(), after.strip())
    for leaky, before, after in LEAKS:
        if leaky == model:
            number = next(number for number, line in code_lines(sql) if before in line)
            yield (model, "leak", number, sql.split("\n")[number].index(before), before, after)


def mutated(sql, number, column, before, after):
    """The SQL with one line changed: the one that holds the text nearest to where it was when the list was made."""
    lines = sql.split("\n")
    holding = [place for place, line in code_lines(sql) if before in line]
    if not holding:
        raise LookupError(f"no line holds {before!r} any more: make the list anew with `make mutants`")
    place = min(holding, key=lambda place: abs(place - number))
    lines[place] = lines[place].replace(before, after, 1)
    return "\n".join(lines)
