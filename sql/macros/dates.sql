{# Whole days from one date to another. #}
{% macro day_diff(from_date, to_date) -%}
    {% if target.type == 'spark' %}datediff({{ to_date }}, {{ from_date }}){% else %}cast(date_diff('day', {{ from_date }}, {{ to_date }}) as int){% endif %}
{%- endmacro %}

{# Whole seconds since 1970-01-01, of a timestamp without a zone. #}
{% macro epoch_s(timestamp) -%}
    {% if target.type == 'spark' %}cast(unix_timestamp(cast({{ timestamp }} as timestamp_ltz)) as bigint){% else %}cast(floor(epoch_us({{ timestamp }}) / 1000000) as bigint){% endif %}
{%- endmacro %}

{# Day of the week, 1 = Monday to 7 = Sunday. #}
{% macro iso_weekday(date) -%}
    {% if target.type == 'spark' %}cast(weekday({{ date }}) + 1 as int){% else %}cast(isodow({{ date }}) as int){% endif %}
{%- endmacro %}

{# The last day of data, as a date. #}
{% macro as_of_date() -%}
    cast('{{ var("as_of") }}' as date)
{%- endmacro %}

{# The first instant after the last day of data: what is before it has happened. #}
{% macro as_of_end() -%}
    cast(cast('{{ var("as_of") }}' as date) + cast(1 as int) as timestamp)
{%- endmacro %}

{# First day of the month, as a date. #}
{% macro month_start(date) -%}
    cast(date_trunc('month', {{ date }}) as date)
{%- endmacro %}

{# Whether a month, given by its first day, is over at the end of as_of: until then its figures are not final. #}
{% macro is_month_over(date_month) -%}
    cast(last_day({{ date_month }}) <= {{ as_of_date() }} as boolean)
{%- endmacro %}

{# The share of a month, given by its first day, that has gone by at the end of as_of; 1 for a month that is over. #}
{% macro share_of_month_gone(date_month) -%}
    case
        when last_day({{ date_month }}) <= {{ as_of_date() }} then cast(1 as double)
        else cast(day({{ as_of_date() }}) as double) / day(last_day({{ date_month }}))
    end
{%- endmacro %}

{# First day of the week (Monday), as a date. #}
{% macro week_start(date) -%}
    cast(date_trunc('week', {{ date }}) as date)
{%- endmacro %}

{# Months since year 0, so that months can be added and subtracted. #}
{% macro month_index(date) -%}
    cast(year({{ date }}) * 12 + month({{ date }}) - 1 as int)
{%- endmacro %}

{# Months since January 2000: small enough for two bytes. #}
{% macro months_since_2000(date) -%}
    ({{ month_index(date) }} - {{ month_index("cast('2000-01-01' as date)") }})
{%- endmacro %}

{# Weeks since the first Monday of 2000. #}
{% macro weeks_since_2000(date) -%}
    cast(floor({{ day_diff("cast('2000-01-03' as date)", date) }} / 7) as int)
{%- endmacro %}

{# The first day of the month with this month_index. #}
{% macro month_from_index(index) -%}
    make_date(cast(floor({{ index }} / 12) as int), cast({{ index }} % 12 + 1 as int), 1)
{%- endmacro %}

{# The date so many calendar months later; a day that the month lacks is its last one. #}
{% macro add_months(date, months) -%}
    least(
        {{ month_from_index('(' ~ month_index(date) ~ ' + ' ~ months ~ ')') }} + cast(day({{ date }}) - 1 as int),
        last_day({{ month_from_index('(' ~ month_index(date) ~ ' + ' ~ months ~ ')') }})
    )
{%- endmacro %}

{# Whole calendar months from one date to another. The anniversary of a day that a month lacks is that month's last day: 31 January to 28 February is one. #}
{% macro whole_months(from_date, to_date) -%}
    ({{ month_index(to_date) }} - {{ month_index(from_date) }} - case when day({{ to_date }}) < least(day({{ from_date }}), day(last_day({{ to_date }}))) then 1 else 0 end)
{%- endmacro %}

{# The share of the following month that has gone by since the last of those anniversaries; 0 on it. #}
{% macro share_of_next_month(from_date, to_date) -%}
    case
        when day({{ to_date }}) < least(day({{ from_date }}), day(last_day({{ to_date }})))
            then cast(day({{ to_date }}) + greatest(day({{ to_date }} - cast(day({{ to_date }}) as int)) - day({{ from_date }}), 0) as double)
                / day({{ to_date }} - cast(day({{ to_date }}) as int))
        else cast(day({{ to_date }}) - least(day({{ from_date }}), day(last_day({{ to_date }}))) as double)
            / day(last_day({{ to_date }}))
    end
{%- endmacro %}
