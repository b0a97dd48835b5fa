"""Grades one submission for Classroom 50: the checkout in, result.json and release-body.md out.

The working directory is the student's repository; everything beside this file is the bundle, which students cannot change.
steps.txt says which steps are graded, points.json what they are worth. The assignment's runtime needs Node: {"node": "24"}.
"""

import os
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
dojo = here / "dojo"

# bundles do not always keep which files are programs
for program in ("grader/runner/esbuild.sh", "packages/@esbuild/linux-x64/bin/esbuild"):
    try:
        (dojo / program).chmod(0o755)
    except OSError:
        pass

command = ["node", str(dojo / "grader" / "start.cjs"), "grade", *(here / "steps.txt").read_text().split()]
command += ["--points", str(here / "points.json"), "--from", ".", "--untrusted=strongest"]
command += ["--reporter", "classroom50", "--output", "result.json"]
environment = {**os.environ, "NODE_PATH": str(dojo / "packages"), "CI": "1", "INIT_CWD": os.getcwd()}
try:
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)
except FileNotFoundError:
    sys.exit('Node is not installed: set the assignment\'s runtime to {"node": "24"}')
