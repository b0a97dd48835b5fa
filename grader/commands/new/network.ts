import { existsSync } from "node:fs";
import path from "node:path";
import { isName } from "../../kit/names-in-code.ts";
import { outside } from "../../runner/outside/outside.ts";
import { dojo, functionSteps } from "../../course/steps.ts";
import { UsageError } from "../usage.ts";
import { addEntries } from "./entries.ts";
import { folderFiles } from "./folder.ts";
import { nextCommand, homeOf, writeMissing, writeNew } from "./home.ts";
import { networkText } from "./network-text.ts";

/**
 * Writes a network to be completed and a part about it, and begins the course's folder if there is none.
 *
 * @returns what was done, in lines
 */
export function newNetwork(name: string): string[] {
  if (!isName(name) || !isName(`${name}Part`)) {
    throw new UsageError(
      `new network ${name}: the name is used in code; write letters, digits and _, and no reserved word`,
    );
  }
  const { code, table, tableName, firstPart } = homeOf();
  if (outside.problem && existsSync(table)) throw outside.problem;
  if (functionSteps.some(({ network }) => network.name === name)) {
    throw new UsageError(`the course has a network ${name} already; choose another name`);
  }
  const number = Math.max(firstPart - 1, ...dojo.parts.map((part) => part.number)) + 1;
  const folder = `${number}-${name}`;
  const part = `${name}Part`;
  const begun = outside.folder === undefined ? [] : writeMissing(folderFiles(code));
  const written = writeNew(
    new Map([
      [path.join(code, name, "network.ts"), networkText(name)],
      [path.join(code, folder, "part.ts"), partText(name, number)],
    ]),
  );
  const listed = addEntries(table, {
    start: `${tableName} = {`,
    end: "}",
    imports: [`import { ${part} } from "./${folder}/part.ts";`],
    change: (before) => [...before, `${number}: ${part}`],
  });
  return [...begun, ...written, listed, `next: ${nextCommand("check")} says what is missing`];
}

function partText(name: string, number: number): string {
  return `import { ${name} } from "../${name}/network.ts";

/** Part ${number}. */
export const ${name}Part = {
  folder: "${number}-${name}",
  network: ${name},
  rooms: [],
} as const;
`;
}
