#!/bin/bash
# Grades a class on Slurm, one shard for each job of an array. From the course's folder, which all nodes see:
#   sbatch recipes/slurm.sh submissions.zip          or, in 100 shards: sbatch --array=1-100 recipes/slurm.sh submissions.zip
# The same command again grades what a shard that was killed has left. When all are done: npm run class -- merge results
#SBATCH --job-name=grade-class
#SBATCH --array=1-8
#SBATCH --cpus-per-task=2
#SBATCH --mem-per-cpu=1G
#SBATCH --time=01:00:00
exec node grader/start.cjs class "$@" --shard auto --jobs "${SLURM_CPUS_PER_TASK:-1}"
