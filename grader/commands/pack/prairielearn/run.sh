#!/bin/sh
# Grades one submission on PrairieLearn: student/ in, results/results.json out. tests/steps.txt says which steps are graded,
# tests/points.json what they are worth. Nothing else is written.
root=${GRADE_ROOT:-/grade}
here=$root/serverFilesCourse/backprop-dojo
results=$root/results/results.json

mkdir -p "$root/results"
# copies do not always keep which files are programs
chmod +x "$here/grader/runner/esbuild.sh" "$here/packages/@esbuild/linux-x64/bin/esbuild" 2>/dev/null
export NODE_PATH="$here/packages" CI=1
# the ids of steps are single words
# shellcheck disable=SC2046
node "$here/grader/start.cjs" grade $(cat "$root/tests/steps.txt") --points "$root/tests/points.json" \
  --from "$root/student" --untrusted=strongest --reporter prairielearn --output "$results" ||
  echo '{"gradable": false, "score": 0, "format_errors": ["The grader did not start; whoever runs the course finds why in its log."]}' >"$results"
