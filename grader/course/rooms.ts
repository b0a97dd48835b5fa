import { gradientRow, throughRow } from "../kit/derive.ts";
import type { GradientName, NamesGiven } from "../kit/names.ts";
import type { FunctionRoom, RoomContents } from "../kit/room.ts";
import type { Row } from "../kit/row.ts";
import { lineOf, type Line } from "../network/line.ts";
import type { Network } from "../network/network.ts";
import { looksAtFindings } from "./looks.ts";

/** A step that is written out with lines of its own, as in parts 0 and 5. */
export function writtenRoom<const Id extends string, const Name extends string>(
  room: Omit<Row, "id" | "given"> & { id: Id; given: readonly Name[] } & RoomContents<NoInfer<Name>>,
): FunctionRoom<Id, Name> {
  return { kind: "function", export: room.id, ...room, looks: looksOf(room) };
}

type LineIn<N extends Network> = N["lines"][number];
type IndexIn<N extends Network> = keyof N["indices"] & string;
/** The tensors of a network whose gradients are asked for. */
type GradedIn<N extends Network> = Exclude<LineIn<N>["inputs"][number], IndexIn<N> | keyof NonNullable<N["inputs"]>>;
/** The names that the step for a tensor of a network is given. */
type NamesFor<N extends Network, X extends string> = NamesGiven<LineIn<N>, X, N["loss"]>;

/**
 * A step for one tensor of a network. It is given the tensor itself and, for each line that uses it, that line's other
 * inputs, its output and the output's gradient: each line is a run of its own.
 *
 * @param id by default that of the gradient; to be given if another network's step has that one
 * @param besides further tensors that are given
 */
export function gradientRoom<
  N extends Network,
  const X extends GradedIn<N>,
  const Besides extends IndexIn<N> = never,
  const Id extends string = GradientName<X>,
>(
  network: N,
  {
    besides = [],
    ...room
  }: { id?: Id; tensor: X; besides?: readonly Besides[] } & Pick<FunctionRoom, "remeasured" | "hostile"> &
    RoomContents<NoInfer<NamesFor<N, X> | Besides>>,
): FunctionRoom<Id, NamesFor<N, X> | Besides> {
  const row = gradientRow(network, room.tensor, besides);
  return {
    kind: "function",
    export: row.id,
    ...row,
    network,
    id: row.id as Id,
    given: row.given as (NamesFor<N, X> | Besides)[],
    ...room,
    looks: looksOf({ asks: "gradient", ...room }),
  };
}

/** A step that goes through several lines of a network at once, from `from` to `to`. */
export function spanRoom<N extends Network, const Id extends string, const Name extends string>(
  network: N,
  {
    from,
    to,
    ...room
  }: {
    id: Id;
    tensor: GradedIn<N>;
    from: LineIn<N>["output"];
    to: LineIn<N>["output"];
    given: readonly Name[];
  } & RoomContents<NoInfer<Name>> &
    Pick<FunctionRoom, "terms" | "otherWay" | "isDeep" | "softmaxOf" | "hostile" | "recover">,
): FunctionRoom<Id, Name> {
  return {
    kind: "function",
    export: `d${room.tensor}`,
    ...throughRow(network, { from, to, ...room }),
    network,
    ...room,
    looks: looksOf({ asks: "gradient", ...room }),
  };
}

/** Steps that share a section of their lesson. */
export function inSection<const Rooms extends readonly FunctionRoom[]>(section: string, ...rooms: Rooms): Rooms {
  return rooms.map((room) => ({ ...room, section })) as readonly FunctionRoom[] as Rooms;
}

/** A line of a network, for a step that is written out. */
export function lineFrom<N extends Network>({ lines }: N, output: LineIn<N>["output"]): Line {
  return lineOf(lines, output)!;
}

function looksOf({
  tensor,
  asks,
  looks,
}: Pick<Row, "tensor" | "asks"> & Pick<RoomContents, "looks">): FunctionRoom["looks"] {
  return { ...looksAtFindings(tensor, asks), ...looks };
}
