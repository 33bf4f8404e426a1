{# Stops a run whose as_of is not a day, or lies after the data: every customer would seem to have fallen silent. An earlier as_of is allowed (docs/decisions/0027-staging-cuts-at-as-of.md) and only named. The data's last day is in scenario.json where generate wrote them; otherwise it is that of the last session, and a month more is taken for a quiet end. #}
{% macro check_as_of() %}
    {% if execute and var('raw_path') and flags.WHICH in ['run', 'build', 'test'] %}
        {% set as_of = var('as_of') | string %}
        {% if not modules.re.match('^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$', as_of) %}
            {{ exceptions.raise_compiler_error("as_of is '" ~ as_of ~ "', which is not a day such as 2025-12-31") }}
        {% endif %}
        {% set report = var('raw_path') ~ '/../scenario.json' %}
        {% set is_reported = target.type != 'spark' and run_query("select count(*) as files from glob('" ~ report ~ "')").columns[0].values()[0] > 0 %}
        {% if is_reported %}
            {% set last_day = fromjson(run_query("select content from read_text('" ~ report ~ "')").columns[0].values()[0])['as_of'] %}
            {% set source = 'by the scenario.json beside them' %}
            {% set latest = last_day %}
        {% else %}
            {% set last_day = run_query('select cast(cast(max(started_at) as date) as string) as last_day from raw.sessions').columns[0].values()[0] %}
            {% set source = 'by their last session' %}
            {% set latest = (modules.datetime.date.fromisoformat(last_day) + modules.datetime.timedelta(days=31)).isoformat() if last_day else as_of %}
        {% endif %}
        {% set found = 'as_of is ' ~ as_of ~ ', but the data in ' ~ var('raw_path') ~ ' end on ' ~ last_day ~ ', ' ~ source %}
        {# Days written as year, month, day sort as text. #}
        {% if as_of > latest %}
            {{ exceptions.raise_compiler_error(found ~ ". Give --vars '{as_of: \"" ~ last_day ~ "\", …}'.") }}
        {% elif last_day and as_of < last_day %}
            {% do exceptions.warn(found ~ '. Models show what was known on ' ~ as_of ~ '.') %}
        {% endif %}
    {% endif %}
{% endmacro %}
