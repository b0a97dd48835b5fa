import { createHash } from "node:crypto";

/** The policies of the page and of the frame that runs learner code: what each may load, and from where. */

/** A policy by directives. */
type Policy = Readonly<Record<string, string>>;

/** The frame's: its own script, the scripts that it makes, and nothing else; nothing into the network. */
function framePolicy(script: string): Policy {
  return {
    "default-src": "'none'",
    "script-src": `${sourceOf(script)} blob: 'wasm-unsafe-eval'`,
    "worker-src": "blob:",
  };
}

/** The page's: its own site. A frame inherits it, so it allows what the frame's allows. */
export function pagePolicy(frameScript: string): Policy {
  return {
    "default-src": "'none'",
    "script-src": `'self' ${sourceOf(frameScript)} blob: 'wasm-unsafe-eval'`,
    // the editor makes <style> elements
    "style-src": "'self' 'unsafe-inline'",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "frame-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data: blob:",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
  };
}

/** A policy as an element of a document's head. */
export function policyElement(policy: Policy): string {
  const text = Object.entries(policy)
    .map((directive) => directive.join(" "))
    .join("; ");
  return `<meta http-equiv="Content-Security-Policy" content="${text}">`;
}

/** The document of the frame. */
export function frameDocument(script: string): string {
  return `<!doctype html><meta charset="utf-8">${policyElement(framePolicy(script))}<script>${script}</script>`;
}

/** An inline script as a source of a policy. */
function sourceOf(script: string): string {
  return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
}
