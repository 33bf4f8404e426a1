"""Two answers to one request."""

import datetime as dt
import math

RELATIVE = 1e-9


def keyed(rows, request):
    """Rows by period and dimensions."""
    count = len(request.get("dimensions", [])) + (1 if request.get("grain") else 0)
    found = {}
    for row in rows:
        group, values = tuple(key(value) for value in row[:count]), tuple(row[count:])
        # Where MetricFlow fills gaps of a month or longer it repeats a row for every day of it.
        assert all(map(is_equal, found.setdefault(group, values), values)), f"{group} stands twice"
    return found


def key(value):
    """A value as both write it: periods are dates."""
    return value.date() if isinstance(value, dt.datetime) else value


def is_nothing(values):
    """Whether nothing happened."""
    return all(value is None or value == 0 for value in values)


def is_equal(ours, theirs):
    """Whole numbers exactly, others to RELATIVE."""
    if ours is None or theirs is None:
        return ours is None and theirs is None
    if isinstance(ours, int) and float(theirs).is_integer():
        return ours == theirs
    return math.isclose(float(ours), float(theirs), rel_tol=RELATIVE, abs_tol=RELATIVE)


def differences(ours, theirs, request):
    """What differs, in words.

    The compiler gives every group every period; MetricFlow leaves out what has no rows, and in a period without any
    gives one row without dimensions. So a group that one side lacks must have had nothing.
    """
    ours, theirs = keyed(ours, request), keyed(theirs, request)
    found = []
    for group in sorted(ours.keys() | theirs.keys(), key=str):
        left, right = ours.get(group), theirs.get(group)
        if left is None or right is None:
            same = is_nothing(left or right)
        else:
            same = all(map(is_equal, left, right))
        if not same:
            found.append(f"{group}: {left} here, {right} by MetricFlow")
    return found
