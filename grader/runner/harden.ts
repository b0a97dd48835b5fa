import { inspect } from "loupe";
import { show } from "../grading/console.ts";

/**
 * Freezes everything that code in this context can reach without being given it, so that exercises can run here one after
 * another and none finds anything that another has left. What would still remember something throws when it is read. Code
 * that needs to change a built-in object, or what throws, does not get here what it would get in a context of its own: what
 * it answers there counts (see Learner.apart in host.ts).
 *
 * @param modules what exercises import: frozen as well
 * @param kept the names of global variables that the host writes to, and exercises may
 */
export function harden(modules: readonly object[], kept: readonly string[]): void {
  for (const name of REMEMBERING) takeAway(globalThis, name);
  for (const key of Reflect.ownKeys(RegExp)) {
    // RegExp.$1 and its kin tell what any expression matched last
    if (typeof key === "string" && isAccessor(RegExp, key)) takeAway(RegExp, key);
  }
  const reached = new Set<object>();
  const reach = (value: unknown): void => {
    if ((typeof value === "object" && value !== null) || typeof value === "function") reached.add(value);
  };
  for (const value of [...hidden(), ...modules.flatMap((module) => Object.values(module))]) reach(value);
  // what is added in the meantime is visited as well
  for (const object of reached.add(globalThis)) {
    reach(Object.getPrototypeOf(object));
    for (const key of Reflect.ownKeys(object)) {
      const { value, get, set } = Reflect.getOwnPropertyDescriptor(object, key)!;
      for (const part of [value, get, set]) reach(part);
    }
  }
  reached.delete(globalThis);
  for (const object of reached) freeze(object);
  for (const key of Reflect.ownKeys(globalThis)) {
    if (typeof key === "string" && kept.includes(key)) continue;
    const fixed = isAccessor(globalThis, key) ? {} : { writable: false };
    Object.defineProperty(globalThis, key, { ...fixed, configurable: false });
  }
  Object.preventExtensions(globalThis);
}

/** Not without a trace: code may look whether something is there, and go on without it. */
function takeAway(from: object, name: string): void {
  if (!(name in from)) return;
  const get = (): never => {
    throw new TypeError(`${name} is not for several exercises`);
  };
  Object.defineProperty(from, name, { get, set: undefined });
}

// kept from the start: it is removed before exercises run
const { WebAssembly } = globalThis as { WebAssembly?: Readonly<Record<string, unknown>> };

/** Global objects by which code could be called later, when another exercise runs, or whose parts are too many to find. */
const REMEMBERING = ["FinalizationRegistry", "WeakRef", "Intl"];

/** Objects that no name leads to, only syntax and what functions return; their prototypes and constructors are reached from them. */
function hidden(): unknown[] {
  const asynchronous = async function* (): AsyncGenerator {};
  const { CompileError, LinkError, RuntimeError } = WebAssembly ?? {};
  return [
    CompileError,
    LinkError,
    RuntimeError,
    // from Node 22 on, its stack is an accessor
    Object.getOwnPropertyDescriptors(new Error()),
    ...insideInspect(),
    function* (): Generator {},
    async (): Promise<void> => {},
    asynchronous,
    asynchronous(),
    [].values(),
    new Map().entries(),
    new Set().values(),
    ""[Symbol.iterator](),
    "".matchAll(/(?:)/g),
    ...helpersOf([].values()),
  ];
}

/** What console.log hands to an object that has its own say in how it is shown, and a table to which such a name leads. */
function insideInspect(): unknown[] {
  const seen: unknown[] = [];
  const custom = (...given: unknown[]): string => {
    seen.push(...given);
    return " ";
  };
  const asked = { [Symbol.for("nodejs.util.inspect.custom")]: custom };
  show(asked);
  inspect(asked, { colors: true });
  seen.push(inspect({ [Symbol.toStringTag]: "valueOf" }));
  return seen;
}

/** The prototypes of what an iterator's own methods return, from Node 22 on. */
function helpersOf(iterator: object): unknown[] {
  const { Iterator } = globalThis as { Iterator?: { from(x: object): object } };
  const { take } = iterator as { take?: (count: number) => object };
  return [Iterator?.from({ next: () => ({ done: true }) }), take?.call(iterator, 1)];
}

function isAccessor(object: object, key: string | symbol): boolean {
  return Reflect.getOwnPropertyDescriptor(object, key)!.get !== undefined;
}

const typed = Object.getPrototypeOf(Float32Array) as { prototype: object };

/**
 * Object.freeze, except for the prototypes of arrays: V8 stores elements slowly once one of them has frozen elements, even
 * if there are none.
 */
function freeze(object: object): void {
  const isArrays = object === Object.prototype || object === Array.prototype || object === typed.prototype;
  if (!isArrays && Object.getPrototypeOf(object) !== typed.prototype) {
    Object.freeze(object);
    return;
  }
  Object.seal(object);
  for (const key of Reflect.ownKeys(object)) {
    const isValue = "value" in Reflect.getOwnPropertyDescriptor(object, key)!;
    if (isValue) Object.defineProperty(object, key, { writable: false });
  }
}
