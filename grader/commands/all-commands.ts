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
  page: { run: page, help: pageHelp, isOfOurs: true },
  update: { run: update, help: updateHelp, isOfOurs: true },
  class: { run: classCommand, help: classHelp },
  pack: { run: pack, help: packHelp, isOfOurs: true },
  new: { run: newCommand, help: newHelp, isOfAuthors: true },
  check: { run: check, help: checkHelp, isOfAuthors: true },
  parity: { run: parity, help: parityHelp, isOfOurs: true },
};
