{# Two-sided p-value of a standard normal |z|, to 1e-7 (Abramowitz and Stegun 1964, 26.2.17). z must not be negative. #}
{% macro two_sided_p(z) -%}
    case
        when {{ z }} is null then null
        when {{ z }} > 12 then cast(0 as double)
        else least(
            cast(1 as double),
            2 * 0.3989422804014327 * exp(- {{ z }} * {{ z }} / 2) * (
                0.319381530 / (1 + 0.2316419 * {{ z }})
                - 0.356563782 / power(1 + 0.2316419 * {{ z }}, 2)
                + 1.781477937 / power(1 + 0.2316419 * {{ z }}, 3)
                - 1.821255978 / power(1 + 0.2316419 * {{ z }}, 4)
                + 1.330274429 / power(1 + 0.2316419 * {{ z }}, 5)
            )
        )
    end
{%- endmacro %}

{# Lower end of Wilson's 95% interval of a share (Wilson 1927); part and whole are doubles, NULL without a whole. #}
{% macro wilson_lower(part, whole) -%}
    greatest(
        cast(0 as double),
        ({{ part }} + 1.9207294103470618 - 1.959963984540054 * sqrt(
            {{ part }} * ({{ whole }} - {{ part }}) / nullif({{ whole }}, 0) + 0.9603647051735309
        )) / ({{ whole }} + 3.8414588206941236)
    )
{%- endmacro %}

{# Its upper end. #}
{% macro wilson_upper(part, whole) -%}
    least(
        cast(1 as double),
        ({{ part }} + 1.9207294103470618 + 1.959963984540054 * sqrt(
            {{ part }} * ({{ whole }} - {{ part }}) / nullif({{ whole }}, 0) + 0.9603647051735309
        )) / ({{ whole }} + 3.8414588206941236)
    )
{%- endmacro %}

{# The arcsine of a share, whose spread is 1 / (2 √(whole + ½)) for any share (Anscombe 1948). #}
{% macro arcsine(part, whole) -%}
asin(sqrt((cast({{ part }} as double) + 0.375) / (cast({{ whole }} as double) + 0.75)))
{%- endmacro %}
