#!/bin/sh
# esbuild for learner files: with a memory limit, because files can be written to need more than any machine has;
# without the grader's environment; and, if bubblewrap works, without any file, network or process but its own, because
# esbuild itself searches the disk for computed imports.
ulimit -d "$ESBUILD_KILOBYTES"
boxed() {
  exec "$ESBUILD_BUBBLEWRAP" --unshare-all --die-with-parent --new-session --clearenv --cap-drop ALL \
    --ro-bind "$ESBUILD_PROGRAM" /esbuild --chdir / -- /esbuild "$@"
}
if [ -n "$ESBUILD_BUBBLEWRAP" ] && (boxed --version) </dev/null >/dev/null 2>&1; then boxed "$@" 2>/dev/null; fi
exec env -i "$ESBUILD_PROGRAM" "$@" 2>/dev/null
