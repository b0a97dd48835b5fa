import { gradedTensorsOf, type Network } from "../network/network.ts";
import { chainRole, gradientRow, taskOf } from "./derive.ts";
import type { StepHints } from "./hint.ts";
import type { FunctionRoom, RoomContents } from "./room.ts";
import type { FunctionStep, Placement } from "./step.ts";

/** A room in its place: shapes, roles and the role in the chain follow from the network's lines. */
export function functionStep(network: Network, room: FunctionRoom, place: Placement): FunctionStep {
  const chain = chainRole(network, room);
  return { ...room, ...taskOf(network, room), ...place, ...(chain && { chain }) };
}

/** The hints of a step without a lesson. */
const NO_HINTS: StepHints = { ask: "", rule: "", worked: "", piece: "" };

/**
 * A network as steps without lessons: one for each tensor that a gradient reaches, in backward order, as part 1 of a
 * course. What cannot be derived from the lines is empty, unless it is given.
 *
 * @param contents known mistakes, correct forms and hints, by tensor
 */
export function stepsOf(
  network: Network,
  contents: Readonly<Record<string, Partial<RoomContents>>> = {},
): readonly FunctionStep[] {
  return gradedTensorsOf(network).map((tensor, i) => {
    const row = gradientRow(network, tensor);
    const { hints = NO_HINTS, looks = {}, mistakes = [], forms = [] } = contents[tensor] ?? {};
    const room: FunctionRoom = { ...row, kind: "function", export: row.id, hints, looks, mistakes, forms };
    const number = i + 1;
    return functionStep(network, room, {
      part: 1,
      number,
      label: String(number),
      file: `${network.name}/${row.id}.ts`,
    });
  });
}
