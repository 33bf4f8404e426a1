{{ scored_rows }}

where
    rows.plan = {{ quoted(plan) }}
    and rows.probability >= {{ threshold_percent }} / 100.0
