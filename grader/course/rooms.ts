import type { FunctionRoom, RoomContents } from "../kit/room.ts";
import {
  lines,
  linesUsing,
  type BatchName,
  type Graded,
  type GradientName,
  type Line,
  type LinesUsing,
  type Output,
} from "../model/lines.ts";
import { looksAtFindings } from "./looks.ts";
import type { Row } from "./row.ts";

/** A step that is written out with lines of its own, as in parts 0 and 5. */
export function writtenRoom<const Id extends string, const Name extends string>(
  room: Omit<Row, "id" | "given"> & { id: Id; given: readonly Name[] } & RoomContents<NoInfer<Name>>,
): FunctionRoom<Id, Name> {
  return { kind: "function", export: room.id, ...room, looks: looksOf(room) };
}

type NamesOfLine<L> = L extends Line<infer O, infer I> ? I | O | Exclude<GradientName<O>, "dloss"> : never;

/** The names that the step for a tensor of the model is given. */
type NamesFor<X extends Graded> = X | NamesOfLine<LinesUsing<X>>;

/**
 * A step for one tensor of the model. It is given the tensor itself and, for each line that uses it, that line's other
 * inputs, its output and the output's gradient: each line is a run of its own.
 *
 * @param besides what is given besides these
 */
export function gradientRoom<const X extends Graded, const Besides extends BatchName = never>({
  besides = [],
  ...room
}: { tensor: X; besides?: readonly Besides[] } & RoomContents<NoInfer<NamesFor<X> | Besides>>): FunctionRoom<
  GradientName<X>,
  NamesFor<X> | Besides
> {
  const id: GradientName<X> = `d${room.tensor}`;
  const users = linesUsing(room.tensor);
  const given = new Set<string>([room.tensor]);
  for (const line of users) {
    for (const name of line.inputs) given.add(name);
    given.add(line.output);
    if (line.output !== "loss") given.add(`d${line.output}`);
  }
  for (const name of besides) given.add(name);
  return {
    kind: "function",
    id,
    export: id,
    asks: "gradient",
    given: [...given] as (NamesFor<X> | Besides)[],
    runs: users.map((line) => [line]),
    ...room,
    looks: looksOf({ asks: "gradient", ...room }),
  };
}

/** A step that goes through several lines of the model at once, from `from` to `to`. */
export function spanRoom<const Id extends string, const Name extends string>({
  from,
  to,
  ...room
}: { id: Id; tensor: Graded; from: Output; to: Output; given: readonly Name[] } & RoomContents<NoInfer<Name>> &
  Pick<FunctionRoom, "terms" | "otherWay">): FunctionRoom<Id, Name> {
  const at = (output: Output): number => lines.findIndex((line) => line.output === output);
  const span: readonly Line[] = lines.slice(at(from), at(to) + 1);
  return {
    kind: "function",
    export: `d${room.tensor}`,
    asks: "gradient",
    runs: [span],
    ...room,
    looks: looksOf({ asks: "gradient", ...room }),
  };
}

/** A line of the model. */
export function modelLine(output: Output): Line {
  return (lines as readonly Line[]).find((line) => line.output === output)!;
}

function looksOf({
  tensor,
  asks,
  looks,
}: Pick<Row, "tensor" | "asks"> & Pick<RoomContents, "looks">): FunctionRoom["looks"] {
  return { ...looksAtFindings(tensor, asks), ...looks };
}
