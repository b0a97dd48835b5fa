/** The names that the language itself defines, except for what can sleep or returns the host's own objects; by the build. */
declare const LANGUAGE: readonly string[];

/**
 * Removes everything from the global object that the language does not define: the network, storage, timers, the worker
 * itself. The worker's policy forbids most of it anyway; without it, a name means the same as on the command line.
 */
export function languageOnly(): void {
  const kept = new Set([
    ...LANGUAGE,
    "console",
    "__tensor",
    "__course",
    "__serve",
    "__failed",
    "__request",
    "__answer",
    "__printed",
  ]);
  for (let object: object | null = globalThis; object !== null && object !== Object.prototype;) {
    for (const key of Reflect.ownKeys(object)) {
      if (typeof key === "symbol" || (object === globalThis && kept.has(key))) continue;
      Reflect.deleteProperty(object, key);
    }
    object = Object.getPrototypeOf(object) as object | null;
  }
}
