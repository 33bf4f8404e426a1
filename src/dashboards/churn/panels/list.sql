{# Dates that predictions stand for are the first instants they do not know, so the
   list of the range's last day is that of the day after it at the latest. -#}

list as (

    select
        snapshots.*,
        predictions.probability,
        predictions.is_holdout

    from serving.srv_churn_snapshots as snapshots

    inner join ml.churn_predictions as predictions
        on
            snapshots.user_id = predictions.user_id
            and snapshots.snapshot_date = predictions.snapshot_date

    where
        snapshots.snapshot_date = (
            select max(snapshot_date)

            from serving.srv_churn_snapshots as churn_snapshots

            where snapshot_date <= date '{{ last_day }}' + 1
        )
        and {{ users('snapshots') }}

)
