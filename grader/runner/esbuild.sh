#!/bin/sh
# esbuild with a limit on its memory: learner files can be made to ask for more than any machine has.
ulimit -d "$ESBUILD_KILOBYTES"
exec "$ESBUILD_PROGRAM" "$@" 2>/dev/null
