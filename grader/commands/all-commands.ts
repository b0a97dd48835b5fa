import { check, checkHelp } from "./check.ts";
import { classCommand, classHelp } from "./class.ts";
import { newCommand, newHelp } from "./new.ts";
import { pack, packHelp } from "./pack.ts";
import { page, pageHelp } from "./page.ts";
import { parity, parityHelp } from "./parity.ts";
import { update, updateHelp } from "./update.ts";
import { learnerCommands } from "./learner-commands.ts";
import type { Command } from "./main.ts";

/** All commands, in the order in which help describes them. */
export const allCommands: Readonly<Record<string, Command>> = {
  ...learnerCommands,
  page: {
    run: page,
    help: pageHelp,
    ofOurs: "the page is built from the course of this repository; npm run watch shows the steps of another course",
  },
  update: {
    run: update,
    help: updateHelp,
    ofOurs: "it updates the grader's own folder; type it there, and get the course's files from its author",
  },
  class: { run: classCommand, help: classHelp },
  pack: {
    run: pack,
    help: packHelp,
    ofOurs: "give learners the course's folder next to a clone of this repository: docs/own-network.md",
  },
  new: { run: newCommand, help: newHelp, isOfAuthors: true },
  check: { run: check, help: checkHelp, isOfAuthors: true },
  parity: {
    run: parity,
    help: parityHelp,
    ofOurs: "it repeats the lecture's run; no other is compared with PyTorch's",
  },
};
