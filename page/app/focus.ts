/** Where the keyboard is, and what a screen reader reads next. */

/** Focuses a place of the page that is no control, such as a heading. */
export function focusOn(place: HTMLElement | null | undefined): void {
  if (!place) return;
  if (place.tabIndex < 0) place.tabIndex = -1;
  place.focus();
}

/** Draws; if what had the focus is gone then, the nearest place around it that is left gets it. */
export function keepingFocus(draw: () => void): void {
  const around: Element[] = [];
  for (let at = document.activeElement; at && at !== document.body; at = at.parentElement) around.push(at);
  draw();
  const [focused] = around;
  if (!focused || focused.isConnected) return;
  focusOn((around.find((place) => place.isConnected) ?? document.querySelector("main")) as HTMLElement | null);
}

/** What may be wider or higher than its place, with its name. */
const WIDE = "[data-scrolls], .lesson .wide";

/**
 * Keeps what is larger than its place within reach of the keyboard: only that, so that Tab does not stop at every formula.
 */
export function keepScrollable(): void {
  let isWaiting = false;
  const soon = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      for (const place of document.querySelectorAll<HTMLElement>(WIDE)) letScroll(place);
    });
  };
  new MutationObserver((changes) => {
    // typing changes nothing but the editor
    if (changes.some(({ target }) => !target.parentElement?.closest(".editor"))) soon();
  }).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ["open", "data-pane"],
  });
  addEventListener("resize", soon);
  document.fonts.addEventListener("loadingdone", soon);
  soon();
}

function letScroll(place: HTMLElement): void {
  const isLarger = place.scrollWidth > place.clientWidth || place.scrollHeight > place.clientHeight;
  if (!isLarger) {
    for (const attribute of ["tabindex", "role", "aria-label"]) place.removeAttribute(attribute);
    return;
  }
  place.tabIndex = 0;
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", place.dataset["scrolls"] ?? nameOf(place));
}

/** What a place of a lesson holds. */
function nameOf(place: HTMLElement): string {
  if (place.querySelector("table")) return "table";
  return place.querySelector("math") ? "formula" : "code";
}
