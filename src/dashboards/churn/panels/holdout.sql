{# Customers whom the model did not see, at dates of the range whose next 90 days are
   known. -#}

holdout as (

    select
        snapshots.*,
        predictions.probability,
        cast(snapshots.has_churned_in_90d as int) as churned

    from serving.srv_churn_snapshots as snapshots

    inner join ml.churn_predictions as predictions
        on
            snapshots.user_id = predictions.user_id
            and snapshots.snapshot_date = predictions.snapshot_date

    where
        predictions.is_holdout
        and snapshots.is_label_known
        and {{ days('snapshots.snapshot_date - 1') }}
        and {{ users('snapshots') }}

)
