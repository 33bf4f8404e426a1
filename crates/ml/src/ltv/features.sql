select * from advanced.ltv_features order by user_id
