{# Departures, each with its first warning, if there was one. Only scores of customers
   the model was not trained on count, and only departures that such scores precede by
   90 days or more. A warning older than 180 days is not taken for one. -#}

unseen as (

    select
        user_id,
        snapshot_date,
        probability

    from ml.churn_predictions

    where
        is_holdout
        or label is null

),

departures as (

    select
        snapshots.user_id,
        snapshots.churn_date,
        max_by(snapshots.mrr_cents, snapshots.snapshot_date) as mrr_cents,
        min(snapshots.snapshot_date) filter (
            where
                unseen.probability >= {{ threshold_percent }} / 100.0
                and snapshots.churn_date - snapshots.snapshot_date <= 180
        ) as warned_date

    from serving.srv_churn_snapshots as snapshots

    inner join unseen
        on
            snapshots.user_id = unseen.user_id
            and snapshots.snapshot_date = unseen.snapshot_date

    where
        {{ days('snapshots.churn_date') }}
        and snapshots.churn_date >= (select min(snapshot_date) + 90 from unseen)
        and {{ users('snapshots') }}

    group by
        snapshots.user_id,
        snapshots.churn_date

)
