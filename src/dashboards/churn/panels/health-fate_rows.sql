{{ scored_rows }}

where
    least(cast(floor(rows.health_score / 10.0) * 10 as int), 90) = {{ health_points }}
    and rows.churned = 1
