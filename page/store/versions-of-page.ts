/** The page without a network, and its next version. */

/** The service worker's file; its name never changes. */
const WORKER = "offline.js";

/**
 * Keeps the page for use without a network, where the browser can.
 *
 * @param announce is told that a new version waits; with what takes it over and loads the page again
 */
export function keepOffline(announce: (takeOver: () => void) => void): void {
  const { serviceWorker } = navigator as Partial<Navigator>;
  if (!serviceWorker || !isSecureContext) return;
  const waiting = (worker: ServiceWorker): void =>
    announce(() => {
      serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      worker.postMessage("take over");
    });
  const register = async (): Promise<void> => {
    const registration = await serviceWorker.register(WORKER, { updateViaCache: "none" });
    if (registration.waiting && serviceWorker.controller) waiting(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => {
        // the first one waits for nothing
        if (worker.state === "installed" && serviceWorker.controller) waiting(worker);
      });
    });
  };
  // the first grade is worth more than what is loaded for later
  const soon = (): void => void setTimeout(() => void register().catch(() => {}), 1000);
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon, { once: true });
}
