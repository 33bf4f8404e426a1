{#- Who took part: everyone, or the people of a segment. -#}
users.variant is not null
and users.is_activation_window_over
{%- if segment %}
and users.{{ by }} = {{ quoted(segment) }}
{%- endif -%}
