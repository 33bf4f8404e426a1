{{ scored_rows }}

where rows.probability >= {{ threshold_percent }} / 100.0
