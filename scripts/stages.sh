#!/usr/bin/env bash
# Runs make's targets one after the other and tells what each took: `stages.sh setup check …`.
# Stops at the first that fails, unless make was told to keep going (-k).
set -uo pipefail

told= failed=0
for stage in "$@"; do
    started=$SECONDS
    ${MAKE:-make} --no-print-directory "$stage"
    status=$?
    told+=$(printf '%s %d:%02d' "${told:+, }$stage" $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60)))
    printf '\033[1m[stages]\033[0m %s\n' "$told"
    if [ "$status" -ne 0 ]; then
        failed=$status
        [[ ${MAKEFLAGS:-} =~ ^[a-zA-Z]*k ]] || exit "$failed"
    fi
done
exit "$failed"
