import type { Shape, Tensor } from "#tensor";
import { pow } from "../tensor/functions.ts";
import type { BinaryOperation, BroadcastPlan, ReductionPlan } from "../tensor/kernels.ts";
import { planBroadcast, type BatchPlan } from "../tensor/plans.ts";
import { allocate, single, type Floats } from "./float64-memory.ts";
import { Float64Tensor, floatsOf } from "./float64-tensor.ts";
import { Measured } from "./measured.ts";
import { addCarried, combine, map, multiply, powerSlopes, sum, withRoundings } from "./float64.ts";

/**
 * The variance of one rounding to float32, in units of (epsilon times the value) squared: the error is spread evenly
 * over one step between float32 numbers, and that step is epsilon times the value at most.
 */
const ROUNDING = 1 / 12;

/**
 * A float64 tensor that knows, beside each value, how far a float32 computation of it spreads around it: the variance
 * of the rounding errors, in units of epsilon squared. Every operation rounds its result once, and hands on the errors of
 * its operands to first order, as if all errors were independent of each other.
 *
 * Measured bounds the worst case: it adds the sizes of all errors. Over a whole training step (sums over the vocabulary,
 * the batch and the neurons, one inside the other) no answer comes near that bound; it is 350 to 2,500 times what right
 * answers need. Errors of roundings add up like a random walk, so here their squares are added.
 */
export class Spread extends Float64Tensor<Spread> {
  /** undefined where the values are exact. */
  readonly variance: Floats | undefined;
  #squares: Floats | undefined;

  /** Takes the arrays over. Without a variance the values count as given: they are exact. */
  constructor(shape: Shape, value: Floats, variance?: Floats) {
    super(shape, value);
    this.variance = variance;
  }

  static from(values: Tensor): Spread {
    return new Spread(values.shape, floatsOf(values));
  }

  /** The values' squares. */
  get squares(): Floats {
    return (this.#squares ??= squaresOf(this.value));
  }

  /** These values of a function of each element; `slopes` are the function's at each. */
  #of(value: Floats, slopes: () => Floats): Spread {
    const variance = withRoundings(undefined, value, ROUNDING);
    // exp(-Infinity) is 0, and so is its slope, whatever was rounded before
    if (this.variance) addCarried(slopes(), this.variance, variance);
    return new Spread(this.shape, value, variance);
  }

  pow(p: number): Spread {
    if (p === 1) return this;
    const value = p === 2 ? this.squares : powersOf(this.value, p);
    return this.#of(value, () => powerSlopes(this.value, value, p));
  }

  exp(): Spread {
    const value = map("exp", this.value);
    return this.#of(value, () => value);
  }

  log(): Spread {
    return this.#of(map("log", this.value), () => elementwise("div", single(1), this.value));
  }

  tanh(): Spread {
    const value = map("tanh", this.value);
    return this.#of(value, () => elementwise("sub", single(1), squaresOf(value)));
  }

  sigmoid(): Spread {
    const value = map("sigmoid", this.value);
    return this.#of(value, () => elementwise("sub", value, squaresOf(value)));
  }

  softplus(): Spread {
    return this.#of(map("softplus", this.value), () => map("sigmoid", this.value));
  }

  each(f: (x: number) => number): Spread {
    const value = this.value.map((x) => f(x));
    return new Spread(
      this.shape,
      value,
      this.variance?.map((v, i) => (value[i] === this.value[i] ? v : 0)),
    );
  }

  protected exact(shape: Shape, value: Floats): Spread {
    return new Spread(shape, value);
  }

  protected sameErrors(value: Floats): Spread {
    return new Spread(this.shape, value, this.variance);
  }

  protected moved(shape: Shape, move: (a: Floats) => Floats): Spread {
    return new Spread(shape, move(this.value), this.variance && move(this.variance));
  }

  protected filled(shape: Shape, fill: (a: Floats, value: number) => Floats, value: number): Spread {
    return new Spread(shape, fill(this.value, value), this.variance && fill(this.variance, 0));
  }

  protected combined(operation: BinaryOperation, other: Spread, shape: Shape, plan: BroadcastPlan): Spread {
    const value = combine(operation, this.value, other.value, plan);
    return new Spread(shape, value, combineVariances(operation, this, other, value, plan));
  }

  protected summed(shape: Shape, plan: ReductionPlan): Spread {
    const value = sum(this.value, plan);
    const variance = sum(withRoundings(this.variance, this.value, ofSum(plan.length)), plan);
    return new Spread(shape, value, withRoundings(variance, value, ofSum(plan.length), variance));
  }

  protected multiplied(other: Spread, plan: BatchPlan): Spread {
    const value = multiply(this.value, other.value, plan);
    let variance = multiply(this.squares, withRoundings(other.variance, other.value, ofSum(plan.k)), plan);
    if (this.variance) variance = elementwise("add", variance, multiply(this.variance, other.squares, plan));
    return new Spread(plan.shape, value, withRoundings(variance, value, ofSum(plan.k), variance));
  }

  protected scattered(source: Spread, scatter: (into: Floats, source: Floats) => Floats): Spread {
    const value = scatter(this.value, source.value);
    const none = allocate(value.length).fill(0);
    const uses = scatter(none, allocate(source.value.length).fill(1));
    const squared = scatter(none, source.squares);
    const variance = scatter(this.variance ?? none, source.variance ?? allocate(source.value.length).fill(0));
    for (let i = 0; i < value.length; i++) {
      if (uses[i]! > 1) variance[i]! += ofSum(uses[i]!) * (squared[i]! + value[i]! * value[i]!);
    }
    return new Spread(this.shape, value, variance);
  }
}

/** The truth, with the standard deviation of a float32 answer as the unit of tolerances. */
export function inDeviations({ shape, value, variance }: Spread): Measured {
  return new Measured(shape, value, () => (variance ? map("sqrt", variance) : allocate(value.length).fill(0)));
}

/**
 * What the roundings of a sum of `length` terms leave, as a factor of the sum of the terms' squares and of the sum's own
 * square: its partial sums are a random walk where the terms' signs are mixed, and grow evenly where they are not.
 */
const ofSum = (length: number): number => (ROUNDING * length) / 2;

/** An operation on each pair of elements; a may be one number for all. */
function elementwise(operation: BinaryOperation, a: Floats, b: Floats): Floats {
  return combine(operation, a, b, planBroadcast([a.length], [b.length], [b.length]));
}

function squaresOf(a: Floats): Floats {
  return elementwise("mul", a, a);
}

function powersOf(a: Floats, exponent: number): Floats {
  const powers = allocate(a.length);
  for (let i = 0; i < powers.length; i++) powers[i] = pow(a[i]!, exponent);
  return powers;
}

/** The variances of a binary operation's results, its own rounding among them. */
function combineVariances(
  operation: BinaryOperation,
  a: Spread,
  b: Spread,
  value: Floats,
  plan: BroadcastPlan,
): Floats {
  const parts: Floats[] = [];
  if (operation === "add" || operation === "sub") {
    if (a.variance || b.variance) {
      const none = (x: Spread): Floats => allocate(x.value.length).fill(0);
      parts.push(combine("add", a.variance ?? none(a), b.variance ?? none(b), plan));
    }
  } else {
    if (a.variance) parts.push(combine(operation, a.variance, b.squares, plan));
    if (b.variance) {
      // the slope by the divisor is the quotient over it: its square is (a/b)**2 / b**2
      const relative = operation === "mul" ? b.variance : elementwise("div", b.variance, squaresOf(b.squares));
      parts.push(combine("mul", a.squares, relative, plan));
    }
  }
  const [out, other] = parts;
  if (!out || !other) return withRoundings(out, value, ROUNDING, out);
  return elementwise("add", out, withRoundings(other, value, ROUNDING, other));
}
