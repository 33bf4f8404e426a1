{# The words of what figures are filtered and grouped by, in the order of their codes. Filters on the page compare codes, so src/state/filters.rs lists the same words in the same order: a test holds the two together. #}
{% macro words_of(kind) -%}
    {%- if kind == 'plan' -%}
        'free', 'starter', 'professional', 'enterprise'
    {%- elif kind == 'channel' -%}
        'organic_search', 'direct', 'referral', 'content', 'email', 'paid_search', 'paid_social', 'partner'
    {%- elif kind == 'country' -%}
        'US', 'GB', 'DE', 'CA', 'FR', 'IN', 'AU', 'BR', 'NL', 'ES', 'SE', 'JP', 'PL', 'SG', 'MX', 'IE'
    {%- elif kind == 'size' -%}
        '1-10', '11-50', '51-200', '201-1000', '1001+'
    {%- elif kind == 'segment' -%}
        'power', 'regular', 'casual', 'inactive'
    {%- elif kind == 'movement' -%}
        'new', 'expansion', 'reactivation', 'contraction', 'churn', 'none'
    {%- elif kind == 'change' -%}
        'new', 'reactivation', 'transfer_in', 'transfer_out', 'churn'
    {%- elif kind == 'lifecycle_state' -%}
        'none', 'new', 'active', 'at_risk', 'dormant', 'churned'
    {%- elif kind == 'trial_type' -%}
        'freemium', 'opt_in', 'opt_out'
    {%- elif kind == 'variant' -%}
        'control', 'treatment'
    {%- elif kind == 'next_state' -%}
        {{ words_of('channel') }}, 'converted', 'lost'
    {%- endif -%}
{%- endmacro %}

{# A word as one byte where the engine can, so that a condition compares numbers; null for a word that is none of its kind. #}
{% macro compact(word, kind) -%}
    {% if target.type == 'spark' %}case when {{ word }} in ({{ words_of(kind) }}) then {{ word }} end{% else %}try_cast({{ word }} as enum ({{ words_of(kind) }})){% endif %}
{%- endmacro %}

{# A number with seven digits, half as wide as a double. Never for money. #}
{% macro compact_number(number) -%}
    cast({{ number }} as float)
{%- endmacro %}
