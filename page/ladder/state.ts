import type { Ladder, Trace } from "../../grader/report/ladder/ladder.ts";
import { countText } from "./numbers.ts";

/** What is open, pointed at and followed in a ladder. Numbers and results are not part of it. */
export interface LadderState {
  /** The open rung; null if all are closed. */
  readonly open: string | null;
  /** The cell under the pointer or the keyboard's cursor. */
  readonly cursor: Cell | null;
  /** The element that is followed. */
  readonly chosen: TensorElement | null;
  /** What it is connected with; null until that is known. */
  readonly trace: Trace | null;
  /**
   * How far it is followed: 0 is to its neighbors on both sides, 3 is through the next three tensors of the forward
   * pass, -3 is through as many of the backward pass.
   */
  readonly steps: number;
  /** Whether the numbers of the followed element are hidden. */
  readonly isBrief: boolean;
}

/** A place in one of the ladder's matrices. */
export interface Cell {
  /** The matrix. */
  readonly panel: string;
  readonly place: number;
}

/** An element of a tensor, which is also that of its gradient. */
export interface TensorElement {
  readonly tensor: string;
  readonly place: number;
}

/** What moving in a matrix needs to know about it. */
export interface PanelSize {
  readonly id: string;
  /** The tensor that its elements are followed in; undefined if they cannot be. */
  readonly tensor: string | undefined;
  readonly rows: number;
  readonly columns: number;
}

/** What a reader does with a ladder, and what comes of it. */
export type LadderEvent =
  | { readonly kind: "toggle"; readonly rung: string }
  | { readonly kind: "point"; readonly cell: Cell | null }
  /** A key that moves the cursor in a matrix; what is followed goes along. */
  | { readonly kind: "move"; readonly key: string; readonly panel: PanelSize }
  | { readonly kind: "choose"; readonly element: TensorElement; readonly cell: Cell }
  | { readonly kind: "traced"; readonly trace: Trace }
  | { readonly kind: "step"; readonly by: 1 | -1 }
  | { readonly kind: "clear" }
  /** Hides the numbers of the followed element, or shows them again. */
  | { readonly kind: "brief" }
  /** The reader wants to work on a step: a matter for the page. */
  | { readonly kind: "work"; readonly step: string };

export const closedLadder: LadderState = {
  open: null,
  cursor: null,
  chosen: null,
  trace: null,
  steps: 0,
  isBrief: false,
};

/** What an event makes of a state. */
export function nextState(state: LadderState, event: LadderEvent): LadderState {
  switch (event.kind) {
    case "toggle":
      return { ...state, open: state.open === event.rung ? null : event.rung, cursor: null };
    case "point":
      return { ...state, cursor: event.cell };
    case "move":
      return moved(state, event.key, event.panel);
    case "choose":
      return { ...state, chosen: event.element, cursor: event.cell, steps: 0, trace: null };
    case "traced":
      // an answer that is overtaken by another choice is of no use
      return isOf(event.trace, state.chosen) ? { ...state, trace: event.trace } : state;
    case "step":
      return { ...state, steps: stepped(state, event.by) };
    case "clear":
      return { ...state, chosen: null, trace: null, steps: 0 };
    case "brief":
      return { ...state, isBrief: !state.isBrief };
    case "work":
      return state;
  }
}

function moved(state: LadderState, key: string, { id, tensor, rows, columns }: PanelSize): LadderState {
  const from = state.cursor?.panel === id ? state.cursor.place : 0;
  const place = movedBy(key, from, rows, columns);
  if (place === undefined) return state;
  const cell: Cell = { panel: id, place };
  if (tensor === undefined || tensor !== state.chosen?.tensor) return { ...state, cursor: cell };
  return nextState(state, { kind: "choose", element: { tensor, place }, cell });
}

function isOf({ tensor, place }: TensorElement, chosen: TensorElement | null): boolean {
  return tensor === chosen?.tensor && place === chosen.place;
}

function stepped({ steps, trace }: LadderState, by: 1 | -1): number {
  if (!trace) return steps;
  return Math.max(-trace.before.length, Math.min(trace.after.length, steps + by));
}

/** A state for other numbers: what is open stays open if it still exists. */
export function stateFor({ rungs }: Ladder, { open, isBrief }: LadderState): LadderState {
  return { ...closedLadder, isBrief, open: rungs.some(({ name }) => name === open) ? open : null };
}

/** The elements that light up, by tensor; undefined if none is followed. Tensors that are missing stay dark. */
export function litBy({ chosen, trace, steps }: LadderState): ReadonlyMap<string, ReadonlySet<number>> | undefined {
  if (!chosen) return undefined;
  const lit = new Map<string, Set<number>>([[chosen.tensor, new Set([chosen.place])]]);
  if (!trace) return lit;
  const reached =
    steps === 0
      ? [...trace.sources, ...trace.uses]
      : steps > 0
        ? trace.after.slice(0, steps)
        : trace.before.slice(0, -steps);
  for (const { tensor, places } of reached) lit.set(tensor, new Set([...(lit.get(tensor) ?? []), ...places]));
  return lit;
}

/** The tensor that the last step reached; undefined before the first. */
export function reachedBy({ trace, steps }: LadderState): { tensor: string; count: number } | undefined {
  const last = steps > 0 ? trace?.after[steps - 1] : steps < 0 ? trace?.before[-steps - 1] : undefined;
  return last && { tensor: last.tensor, count: last.places.length };
}

/** How far the element is followed, and how much is lit there. */
export function reachedText({ rungs }: Pick<Ladder, "rungs">, state: LadderState): string {
  const { trace, steps } = state;
  const last = reachedBy(state);
  if (!trace) return "…";
  if (!last) return trace.sources.length + trace.uses.length > 0 ? "its neighbors" : "no line computes or reads it";
  const all = rungs.find(({ name }) => name === last.tensor)?.value?.matrix.values.length ?? last.count;
  const tensor = steps < 0 ? `d${last.tensor}` : last.tensor;
  return `${tensor}: ${last.count.toLocaleString("en")} of ${countText(all)}`;
}

/** Where a key moves the cursor in a matrix; undefined for keys that do not move it. */
export function movedBy(key: string, place: number, rows: number, columns: number): number | undefined {
  const [row, column] = [Math.floor(place / columns), place % columns];
  const at = (r: number, c: number): number =>
    Math.max(0, Math.min(rows - 1, r)) * columns + Math.max(0, Math.min(columns - 1, c));
  switch (key) {
    case "ArrowUp":
      return at(row - 1, column);
    case "ArrowDown":
      return at(row + 1, column);
    case "ArrowLeft":
      return at(row, column - 1);
    case "ArrowRight":
      return at(row, column + 1);
    case "Home":
      return at(row, 0);
    case "End":
      return at(row, columns - 1);
    case "PageUp":
      return at(row - 10, column);
    case "PageDown":
      return at(row + 10, column);
    default:
      return undefined;
  }
}
