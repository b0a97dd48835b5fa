/**
 * Lets files of a course outside import #tensor and #course: Node finds such names in the package of the file that imports,
 * and these are in the grader's.
 */

/** The course's folder as a URL, with a slash at its end. */
let folder = "";

/** @param {string} url */
export function initialize(url) {
  folder = url;
}

/** @type {import("node:module").ResolveHook} */
export function resolve(specifier, context, next) {
  const isOutside = specifier.startsWith("#") && context.parentURL?.startsWith(folder) === true;
  return next(specifier, isOutside ? { ...context, parentURL: import.meta.url } : context);
}
