import type { Tensor } from "#tensor";
import type { Check, Program, ProgramMistake, ProgramQuestion, Truth } from "../../kit/program.ts";
import type { ProgramRoom } from "../../kit/room.ts";
import type { Generator } from "../../network/random.ts";
import { drawNumbers } from "../../kit/row.ts";

/** What a question consists of, as its room types it: values. */
type Given = readonly unknown[];

/** A question that is typed. */
interface Asked<G extends Given> extends Omit<ProgramQuestion, "given"> {
  readonly given: G;
}

type Called<C extends Given> = (...given: C) => unknown;

/**
 * A step whose function takes and returns other things than named tensors.
 *
 * @typeParam G what a question gives
 * @typeParam C what the function is called with, if a frame makes that from a question
 */
export function programRoom<const Id extends string, G extends Given, C extends Given = G>(
  room: Omit<ProgramRoom<Id>, "kind" | "export" | "looks" | "program" | "mistakes" | "forms"> &
    Omit<Program, "example" | "draw" | "right" | "parameters" | "placeOf"> & {
      parameters?: Program["parameters"];
      example: Asked<G>;
      draw: (generator: Generator) => readonly Asked<G>[];
      right: (...given: G) => Truth | Check;
      placeOf?: (at: readonly number[], given: G) => string;
      mistakes: readonly (Omit<ProgramMistake, "answer" | "others" | "shows"> & {
        answer: Called<C>;
        others?: readonly Called<C>[];
        shows?: (given: G, answer: unknown) => boolean;
      })[];
      forms: readonly Called<C>[];
    },
): ProgramRoom<Id> {
  const { example, draw, right, parameters = [""], names, placeOf, frame, mistakes, ...rest } = room;
  const program = {
    example,
    draw,
    right: (given: Given) => right(...(given as unknown as G)),
    parameters,
    names,
    ...(placeOf && { placeOf }),
    ...(frame && { frame }),
  } as Program;
  return {
    kind: "program",
    export: room.id,
    looks: {},
    ...rest,
    program,
    mistakes: mistakes as readonly ProgramMistake[],
  };
}

/** A step that asks for the backward rule of some operations: a question is one operation that was carried out. */
export type RuleQuestion<D> = readonly [done: D];

/** Normal numbers, none closer to zero than this: for denominators, and for what is divided out again. */
export function awayFromZero(generator: Generator, shape: readonly number[]): Tensor {
  const numbers = drawNumbers(generator, shape);
  return numbers.add(numbers.div(numbers.pow(2).pow(0.5)).mul(0.5));
}

/** Positive numbers, for logarithms and roots. */
export function positive(generator: Generator, shape: readonly number[]): Tensor {
  return awayFromZero(generator, shape).pow(2).pow(0.5);
}

/** [4, 3] */
export function shapeIn(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** Sizes that differ, and of which none is 1. */
export function drawSizes(generator: Generator, count: number): number[] {
  const from = 2;
  return generator
    .randperm(6)
    .slice(0, count)
    .map((i) => i + from);
}
