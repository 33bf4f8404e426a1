{#- The people of a segment who reached a step. -#}
users.{{ by }} = {{ quoted(segment) }}
and {{ reached }}
