import { gradientRow, throughRow } from "../kit/derive.ts";
import type { GradientName, NamesGiven } from "../kit/names.ts";
import type { FunctionRoom, RoomContents } from "../kit/room.ts";
import type { Row } from "../kit/row.ts";
import { lineOf, type Line } from "../network/line.ts";
import { looksAtFindings } from "./looks.ts";
import type { AnyLine, BatchName, Graded, Output } from "./makemore/lines.ts";
import { makemore } from "./makemore/network.ts";

/** A step that is written out with lines of its own, as in parts 0 and 5. */
export function writtenRoom<const Id extends string, const Name extends string>(
  room: Omit<Row, "id" | "given"> & { id: Id; given: readonly Name[] } & RoomContents<NoInfer<Name>>,
): FunctionRoom<Id, Name> {
  return { kind: "function", export: room.id, ...room, looks: looksOf(room) };
}

/** The names that the step for a tensor of the model is given. */
type NamesFor<X extends Graded> = NamesGiven<AnyLine, X, "loss">;

/**
 * A step for one tensor of the model. It is given the tensor itself and, for each line that uses it, that line's other
 * inputs, its output and the output's gradient: each line is a run of its own.
 *
 * @param besides further tensors that are given
 */
export function gradientRoom<const X extends Graded, const Besides extends BatchName = never>({
  besides = [],
  ...room
}: { tensor: X; besides?: readonly Besides[] } & Pick<FunctionRoom, "remeasured"> &
  RoomContents<NoInfer<NamesFor<X> | Besides>>): FunctionRoom<GradientName<X>, NamesFor<X> | Besides> {
  const row = gradientRow(makemore, room.tensor, besides);
  const id: GradientName<X> = `d${room.tensor}`;
  return {
    kind: "function",
    export: id,
    ...row,
    id,
    given: row.given as (NamesFor<X> | Besides)[],
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
  Pick<FunctionRoom, "terms" | "otherWay" | "softmaxOf" | "recover">): FunctionRoom<Id, Name> {
  return {
    kind: "function",
    export: `d${room.tensor}`,
    ...throughRow(makemore, { from, to, ...room }),
    ...room,
    looks: looksOf({ asks: "gradient", ...room }),
  };
}

/** A line of the model. */
export function modelLine(output: Output): Line {
  return lineOf(makemore.lines, output)!;
}

function looksOf({
  tensor,
  asks,
  looks,
}: Pick<Row, "tensor" | "asks"> & Pick<RoomContents, "looks">): FunctionRoom["looks"] {
  return { ...looksAtFindings(tensor, asks), ...looks };
}
