select * from advanced.churn_features order by snapshot_date, user_id
