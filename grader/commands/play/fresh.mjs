/**
 * Lets a module be loaded again: one that is imported as x.ts?v=2 hands its version on to the files of the same folder
 * that it imports. Everything else, above all #tensor, is loaded once, so that tensors made before remain tensors.
 */

/**
 * The folder's URLs, with a slash at their ends: the one by which it is known, and the one that it has behind links.
 *
 * @type {readonly string[]}
 */
let folders = [];

/** @param {readonly string[]} urls */
export function initialize(urls) {
  folders = urls;
}

/** @type {import("node:module").ResolveHook} */
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  const version = context.parentURL === undefined ? null : new URL(context.parentURL).searchParams.get("v");
  if (version === null || !folders.some((folder) => found.url.startsWith(folder))) return found;
  const url = new URL(found.url);
  url.searchParams.set("v", version);
  return { ...found, url: url.href };
}
