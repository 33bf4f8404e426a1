-- What panels of the Churn page must show that need no learned model, by link, panel, row and
-- column; what the model says is compared in the journey, with the tab's own tables.

with

links as (

    select
        'range=all' as link,
        '%' as channel,
        '%' as plan
    union all
    select
        'range=all&channel=organic_search' as link,
        'organic_search' as channel,
        '%' as plan
    union all
    select
        'range=all&plan=starter' as link,
        '%' as channel,
        'starter' as plan

),

scores as (

    select
        links.link,
        scores.*

    from links

    inner join marts.fct_health_scores as scores
        on
            scores.channel like links.channel
            and scores.plan like links.plan

    where scores.is_paying

),

health as (

    select
        link,
        'health' as panel,
        least(5 * cast(floor(health_score / 5.0) as int), 95) || '|' || status as row_key,
        unnest(['customers', 'mrr_cents']) as measure,
        unnest([cast(count(*) as double), cast(sum(mrr_cents) as double)]) as figure

    from scores

    group by
        link,
        least(5 * cast(floor(health_score / 5.0) as int), 95),
        status

),

parts as (

    select
        link,
        'health-parts' as panel,
        status as row_key,
        unnest(['customers', 'recency_points', 'trouble_points']) as measure,
        unnest([cast(count(*) as double), avg(recency_points), avg(trouble_points)]) as figure

    from scores

    group by
        link,
        status

)

select * from health
union all
select * from parts
