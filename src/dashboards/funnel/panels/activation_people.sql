{#- The people of a channel who activated. -#}
users.channel = {{ quoted(channel) }}
and users.is_activation_window_over
and users.is_activated
