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
