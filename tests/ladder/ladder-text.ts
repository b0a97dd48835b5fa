import type { Rung } from "../../grader/report/ladder/layout.ts";
import { lanesOf } from "../../grader/report/ladder/layout.ts";

/** A ladder in characters, as git log --graph draws it: a line for each rung, and one more where lanes begin. */
export function ladderText(rungs: readonly Rung[]): string {
  const lanes = lanesOf(rungs);
  return rungs
    .flatMap(({ name, line, lane, joins, forks, passes }) => {
      const row = (node: string, ends: readonly number[], corner: string, turn: string): string => {
        const last = Math.max(lane, ...ends);
        return Array.from({ length: lanes }, (_, i) => {
          const isPassing = passes.some((one) => one.lane === i);
          const isWithin = i > lane && i < last;
          const cross = isWithin ? "─" : " ";
          if (i === lane) return node + (last > lane ? "─" : " ");
          if (ends.includes(i)) return (i === last ? corner : turn) + cross;
          if (isPassing) return (isWithin ? "┼" : "│") + cross;
          return (isWithin ? "─" : " ") + cross;
        })
          .join("")
          .trimEnd();
      };
      const others = (all: Rung["joins"]): number[] => all.map((one) => one.lane).filter((one) => one !== lane);
      const begun = others(forks);
      const text = line ? `${name} = ${line.text}` : name;
      return [
        `${row("○", others(joins), "╯", "┴").padEnd(2 * lanes)}  ${text}`,
        ...(begun.length > 0 ? [row("├", begun, "╮", "┬")] : []),
      ];
    })
    .join("\n");
}
