{# How many independent customers would tell as much of a share as the snapshots of
   `by_customer`, which repeat each other: what `Clustered::independent` reckons. -#}

{%- set rate = '(cast(sum(churned) as double) / sum(snapshots))' -%}

sum(snapshots) / greatest(
    coalesce(
        (
            sum(churned * churned) - 2 * {{ rate }} * sum(churned * snapshots)
            + {{ rate }} * {{ rate }} * sum(snapshots * snapshots)
        ) / nullif(sum(snapshots) * {{ rate }} * (1 - {{ rate }}), 0),
        cast(sum(snapshots * snapshots) as double) / sum(snapshots)
    ),
    1
)
