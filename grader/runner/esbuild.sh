#!/bin/sh
# esbuild as learner files may use it: with a limit on its memory, because they can be made to ask for more than any
# machine has; without the grader's environment; and, where bubblewrap works, without a file, a network or a process
# beside its own, because esbuild looks for computed imports on the disk by itself.
ulimit -d "$ESBUILD_KILOBYTES"
boxed() {
  exec "$ESBUILD_BUBBLEWRAP" --unshare-all --die-with-parent --new-session --clearenv --cap-drop ALL \
    --ro-bind "$ESBUILD_PROGRAM" /esbuild --chdir / -- /esbuild "$@"
}
if [ -n "$ESBUILD_BUBBLEWRAP" ] && (boxed --version) </dev/null >/dev/null 2>&1; then boxed "$@" 2>/dev/null; fi
exec env -i "$ESBUILD_PROGRAM" "$@" 2>/dev/null
