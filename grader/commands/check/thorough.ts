import { functionSteps, steps } from "../../course/steps.ts";
import { checkPrograms } from "../../diagnosis/check-programs.ts";
import { checkVerdicts } from "../../diagnosis/self-check.ts";
import type { FunctionStep, ProgramStep } from "../../kit/step.ts";
import { TOLERANCE } from "../../verdict/compare.ts";

/** What holds, and what does not, a line per kind. */
type Report = (what: string, problems: string[]) => void;

const SEEDS = 1000;
/** Beyond the lecture a step has more numbers, and naming a mistake takes longer than all of its verdicts. */
const NAMED_BEYOND = 10;

const isProgram = (step: (typeof steps)[number]): step is ProgramStep => step.kind === "program";

/** Tries all correct forms and all known mistakes over many seeds. */
export function checkManySeeds(report: Report): void {
  const [lecture, beyond] = [false, true].map((isOptional) =>
    functionSteps.filter((step) => Boolean(step.isOptional) === isOptional),
  );
  reportVerdicts("of the lecture", lecture!, SEEDS, report);
  reportVerdicts("beyond it", beyond!, NAMED_BEYOND, report);
  const programs = steps.filter(isProgram);
  report(
    `over ${SEEDS} seeds, the correct forms of ${programs.length} programs are accepted, their mistakes rejected and named`,
    checkPrograms(programs, SEEDS),
  );
}

function reportVerdicts(where: string, some: readonly FunctionStep[], namedSeeds: number, report: Report): void {
  const found = checkVerdicts({ functionSteps: some }, SEEDS, { namedSeeds });
  const { forms, accepted, worstRatio, mistakes, rejected, named, nearest } = found;
  report(
    `over ${SEEDS} seeds, ${forms} correct formulas ${where} are accepted (${accepted} of ${forms * SEEDS}, the worst at ` +
      `${worstRatio.toFixed(1)} of ${TOLERANCE}); ${mistakes} known mistakes are rejected (${rejected} of ` +
      `${mistakes * SEEDS}, the nearest at ${nearest.toPrecision(3)}) and named (${named} of ${mistakes * namedSeeds})`,
    found.problems,
  );
  const counts = Object.entries(found.strategies).map(([name, count]) => `${name} ${count}`);
  report(`mistakes, alone and with something else wrong, are found by these strategies: ${counts.join(", ")}`, []);
}
