import { dpredicted } from "./dpredicted.ts";
import type { Experiment } from "./experiment.ts";
import { forgotten } from "./forgotten.ts";
import { gap } from "./gap.ts";
import { ratio } from "./ratio.ts";
import { rescaled } from "./rescaled.ts";
import { spacing } from "./spacing.ts";
import { uses } from "./uses.ts";

/** The experiments of the trap lab, in the order of part 5. */
export const experiments: readonly Experiment[] = [gap, dpredicted, forgotten, uses, spacing, ratio, rescaled];
