import { linesUsing } from "../network/line.ts";
import { isTensorOf, shapeOfTensor, type Network } from "../network/network.ts";
import type { Extent } from "../network/shape.ts";
import type { Row } from "./row.ts";
import { tensorOf, type FunctionStep, type Role, type Task } from "./step.ts";

/** The task of a row: shapes and roles follow from its lines and from the network's. */
export function taskOf(network: Network, row: Row): Task {
  const shapes: Record<string, readonly Extent[]> = { ...row.inputs, ...row.indices };
  const own = row.runs.flat();
  for (const { output, shape } of own) shapes[output] ??= shape;
  const isKnown = (name: string): boolean => name in shapes || isTensorOf(network, name);
  const isIndex = (name: string): boolean =>
    name in (row.indices ?? {}) || (name in network.indices && !(name in shapes));
  const roles: Record<string, Role> = {};
  for (const name of row.given) {
    const isUpstream = !isKnown(name) && name.startsWith("d") && isKnown(tensorOf(name));
    roles[name] = isUpstream ? "upstream" : isIndex(name) ? "index" : "value";
  }
  const add = (name: string): void => {
    const shape = shapes[name] ?? shapeOfTensor(network, name) ?? shapes[tensorOf(name)];
    const found = shape ?? shapeOfTensor(network, tensorOf(name));
    if (!found) throw new Error(`${row.id}: no line and no table gives the shape of ${name}`);
    shapes[name] = found;
  };
  for (const name of [...row.given, ...own.flatMap(({ inputs }) => inputs), row.tensor]) add(name);
  return { ...row, network, shapes, roles };
}

/**
 * The gradient of one of the network's tensors, as a row: the step is given the tensor itself and, for each line that
 * uses it, that line's other inputs, its output and the output's gradient. Every such line is a run of its own.
 *
 * @param besides further tensors that are given, so that a common mistake is possible
 */
export function gradientRow({ lines, loss }: Network, tensor: string, besides: readonly string[] = []): Row {
  const users = linesUsing(lines, tensor);
  const given = new Set<string>([tensor]);
  for (const line of users) {
    for (const name of line.inputs) given.add(name);
    given.add(line.output);
    if (line.output !== loss) given.add(`d${line.output}`);
  }
  for (const name of besides) given.add(name);
  return { id: `d${tensor}`, tensor, asks: "gradient", given: [...given], runs: users.map((line) => [line]) };
}

/**
 * A step's role in the chain of its network's backward pass. The gradient of a tensor through the network's own lines,
 * each by itself, is a link; any other gradient of a tensor of the network is an end.
 */
export function chainRole(network: Network, { asks, tensor, runs }: Row): FunctionStep["chain"] {
  if (asks !== "gradient" || !isTensorOf(network, tensor)) return undefined;
  const users = linesUsing(network.lines, tensor);
  const isLink = runs.length === users.length && runs.every((run, i) => run.length === 1 && run[0] === users[i]);
  return isLink ? "link" : "end";
}

/** The row of a step that goes through several lines at once, as a room writes it. */
export interface Through extends Omit<Row, "asks" | "runs"> {
  /** The outputs of the first line and of the last. */
  readonly from: string;
  readonly to: string;
}

/** The gradient of a tensor through several lines at once, as a row. */
export function throughRow({ lines }: Network, { from, to, ...row }: Through): Row {
  const at = (output: string): number => lines.findIndex((line) => line.output === output);
  return { ...row, asks: "gradient", runs: [lines.slice(at(from), at(to) + 1)] };
}
