import { debug, debugHelp } from "./debug.ts";
import { diff, diffHelp } from "./diff.ts";
import { grade, gradeHelp } from "./grade.ts";
import { hint, hintHelp } from "./hint.ts";
import { lab, labHelp } from "./lab.ts";
import { list, listHelp } from "./list.ts";
import { mistakes, mistakesHelp } from "./mistakes.ts";
import { play, playHelp } from "./play.ts";
import { quiz, quizHelp } from "./quiz.ts";
import { recap, recapHelp } from "./recap.ts";
import { reset, resetHelp } from "./reset.ts";
import { solution, solutionHelp } from "./solution.ts";
import { train, trainHelp } from "./train.ts";
import { watch, watchHelp } from "./watch.ts";
import type { learnerNames } from "./learner-names.mjs";
import type { Command } from "./main.ts";

/** The commands of learner-names.mjs, in the order in which help describes them. */
export const learnerCommands: Readonly<Record<(typeof learnerNames)[number], Command>> = {
  grade: { run: grade, help: gradeHelp },
  watch: { run: watch, help: watchHelp },
  list: { run: list, help: listHelp },
  quiz: { run: quiz, help: quizHelp },
  hint: { run: hint, help: hintHelp },
  mistakes: { run: mistakes, help: mistakesHelp },
  diff: { run: diff, help: diffHelp },
  solution: { run: solution, help: solutionHelp },
  recap: { run: recap, help: recapHelp },
  play: { run: play, help: playHelp },
  debug: { run: debug, help: debugHelp },
  reset: { run: reset, help: resetHelp },
  train: {
    run: train,
    help: trainHelp,
    ofOurs: "a course in a folder of its own has no training loop; npm run play calls a step's function",
  },
  lab: {
    run: lab,
    help: labHelp,
    ofOurs: "the experiments are about the lecture's network; npm run play is for experiments with yours",
  },
};
