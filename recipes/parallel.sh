#!/bin/sh
# Grades a class in shards with GNU parallel, one on each processor. From the course's folder:
#   recipes/parallel.sh 8 submissions.zip
# On several machines that see the folder: PARALLEL="--sshloginfile machines.txt --workdir $PWD" recipes/parallel.sh ...
# The same command again grades what is missing. When all are done: npm run class -- merge results
shards=$1
shift
seq "$shards" | parallel --line-buffer --quote node grader/start.cjs class "$@" --shard "{}/$shards" --jobs 1
