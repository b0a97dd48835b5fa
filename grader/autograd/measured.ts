import { tensor, type Shape, type Tensor } from "#tensor";
import { pow, sigmoid } from "../tensor/functions.ts";
import type { BinaryOperation, BroadcastPlan, ReductionPlan } from "../tensor/kernels.ts";
import type { BatchPlan } from "../tensor/plans.ts";
import { allocate, type Floats } from "./float64-memory.ts";
import { Float64Tensor, floatsOf } from "./float64-tensor.ts";
import { combine, combineSizes, map, multiply, sizesOf, sum } from "./float64.ts";

/**
 * A float64 tensor that knows, beside each value, the magnitude of what was added up to get it. The value is the truth;
 * an answer computed in float32 may differ from it by a small multiple of float32's epsilon times the magnitude.
 *
 * Where nothing cancels, the magnitude is the value's own size. A subtraction adds magnitudes, so it keeps the size of
 * what canceled. Through a function the part that exceeds the value is scaled by the derivative (first order):
 * a b has |a| M(b) + M(a) |b| - |a| |b|, and e^a has e^a (1 + M(a)), because an error in a is a relative error of e^a.
 */
export class Measured extends Float64Tensor<Measured> {
  #magnitude: Floats | (() => Floats);

  /** Takes the arrays over. Without a magnitude the values count as given: their own size. A function runs when asked. */
  constructor(shape: Shape, value: Floats, magnitude: Floats | (() => Floats) = () => sizesOf(value)) {
    super(shape, value);
    this.#magnitude = magnitude;
  }

  static from(values: Tensor): Measured {
    return new Measured(values.shape, floatsOf(values));
  }

  /** Computed when it is first asked for: forward values are mostly used as given. */
  get magnitude(): Floats {
    if (typeof this.#magnitude === "function") this.#magnitude = this.#magnitude();
    return this.#magnitude;
  }

  /** Each value rounded once to float32. */
  toTensor(): Tensor {
    return tensor(this.value, this.shape);
  }

  /** The same values, counted as given: each one's magnitude is its own size. */
  given(): Measured {
    return new Measured(this.shape, this.value);
  }

  /** These values with their own magnitudes replaced by those of `computed`, the same quantity before rounding. */
  measuredAs(computed: Measured): Measured {
    return new Measured(this.shape, this.value, () => computed.magnitude);
  }

  /** These values, each with the larger of two magnitudes: its own, and that of another way to the same quantity. */
  atLeastAs(other: Measured): Measured {
    return new Measured(this.shape, this.value, () =>
      this.magnitude.map((magnitude, i) => Math.max(magnitude, other.magnitude[i]!)),
    );
  }

  /** These values of a function of each element; `size` gives the magnitude from x, its magnitude and f(x). */
  #of(value: Floats, size: (x: number, sizeX: number, y: number) => number): Measured {
    return new Measured(this.shape, value, () => {
      const sizes = allocate(value.length);
      const sizesX = this.magnitude;
      for (let i = 0; i < sizes.length; i++) sizes[i] = size(this.value[i]!, sizesX[i]!, value[i]!);
      return sizes;
    });
  }

  pow(p: number): Measured {
    if (p === 1) return this;
    if (p === 2) return this.mul(this);
    const value = allocate(this.value.length);
    for (let i = 0; i < value.length; i++) value[i] = pow(this.value[i]!, p);
    return this.#of(value, (x, sizeX, y) => {
      const excess = sizeX - Math.abs(x);
      return excess === 0 ? Math.abs(y) : Math.abs(y) + Math.abs(p * pow(x, p - 1)) * excess;
    });
  }

  exp(): Measured {
    return this.#of(map("exp", this.value), (_, sizeX, y) => (y === 0 ? 0 : y * (1 + sizeX)));
  }

  log(): Measured {
    return this.#of(map("log", this.value), (x, sizeX, y) => Math.abs(y) + sizeX / Math.abs(x));
  }

  tanh(): Measured {
    return this.#of(map("tanh", this.value), (_, sizeX, y) => Math.abs(y) + (1 - y * y) * sizeX);
  }

  sigmoid(): Measured {
    return this.#of(map("sigmoid", this.value), (_, sizeX, y) => y + y * (1 - y) * sizeX);
  }

  softplus(): Measured {
    return this.#of(map("softplus", this.value), (x, sizeX, y) => y + sigmoid(x) * sizeX);
  }

  each(f: (x: number) => number): Measured {
    const value = this.value.map((x) => f(x));
    return this.#of(value, (x, sizeX, y) => (y === x ? sizeX : Math.abs(y)));
  }

  protected exact(shape: Shape, value: Floats): Measured {
    return new Measured(shape, value);
  }

  protected sameErrors(value: Floats): Measured {
    return new Measured(this.shape, value, () => this.magnitude);
  }

  protected moved(shape: Shape, move: (a: Floats) => Floats): Measured {
    return new Measured(shape, move(this.value), () => move(this.magnitude));
  }

  protected filled(shape: Shape, fill: (a: Floats, value: number) => Floats, value: number): Measured {
    return new Measured(shape, fill(this.value, value), () => fill(this.magnitude, Math.abs(value)));
  }

  protected combined(operation: BinaryOperation, other: Measured, shape: Shape, plan: BroadcastPlan): Measured {
    return new Measured(shape, combine(operation, this.value, other.value, plan), () =>
      combineMagnitudes(operation, this, other, plan),
    );
  }

  protected summed(shape: Shape, plan: ReductionPlan): Measured {
    return new Measured(shape, sum(this.value, plan), () => sum(this.magnitude, plan));
  }

  /** The magnitude is the product of the magnitudes: exact to first order where one factor is given, else above it. */
  protected multiplied(other: Measured, plan: BatchPlan): Measured {
    return new Measured(plan.shape, multiply(this.value, other.value, plan), () =>
      multiply(this.magnitude, other.magnitude, plan),
    );
  }

  protected scattered(source: Measured, scatter: (into: Floats, source: Floats) => Floats): Measured {
    return new Measured(this.shape, scatter(this.value, source.value), () => scatter(this.magnitude, source.magnitude));
  }
}

function combineMagnitudes(operation: BinaryOperation, a: Measured, b: Measured, plan: BroadcastPlan): Floats {
  if (operation === "mul" || operation === "div") return combineSizes(operation, a, b, plan);
  return combine("add", a.magnitude, b.magnitude, plan);
}
