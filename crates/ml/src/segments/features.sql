select
    user_id,
    cast(count(case
        when event_type in ('feature_click', 'search_performed') then 1
    end) as double) as exploring,
    cast(count(case
        when event_type in ('comment_added', 'invite_sent', 'file_uploaded') then 1
    end) as double) as collaborating,
    cast(count(case
        when event_type in ('api_call', 'alert_configured', 'integration_connected') then 1
    end) as double) as automating,
    cast(count(case
        when event_type in ('dashboard_viewed', 'report_created', 'export_data') then 1
    end) as double) as analysing,
    cast(count(*) as double) as events

from staging.stg_events

group by user_id

order by user_id
