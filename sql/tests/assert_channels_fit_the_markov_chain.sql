-- int_markov_removal_effects takes eight channels out of its chain: more would be lost.

select count(*) as count_channels

from {{ ref('channel_details') }}

having count(*) > 8
