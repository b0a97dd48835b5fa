/** Whether the page has the parts beyond the lecture: once one of them was asked for in this browser, it always does. */

/** As the store names its settings (kept.ts). */
const KEY = "backprop-dojo/1/setting/beyond";
/** Where the browser keeps nothing, the address says it. */
const SEARCH = "?beyond";

export const isWhole = location.search === SEARCH || isAsked();

/** Loads the page again, with the parts beyond the lecture; what was written is kept before. */
export function becomeWhole(): void {
  try {
    localStorage.setItem(KEY, "1");
    location.reload();
  } catch {
    location.search = SEARCH;
  }
}

function isAsked(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}
