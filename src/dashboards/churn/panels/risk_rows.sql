{{ scored_rows }}

where
    least(cast(floor(rows.probability * 100) as int), 99)
    between {{ first_percent }} and {{ last_percent }}
