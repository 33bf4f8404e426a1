{#- The people whose time to the step lies in a bin. -#}
users.secs_to_{{ step }} < {{ window_secs }}
and users.secs_to_{{ step }} >= {{ from_secs }}
and users.secs_to_{{ step }} < {{ to_secs }}
