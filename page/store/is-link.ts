/** Whether the part of an address after # carries code, in whatever form: see link.ts, which few visits need. */
export function isLink(hash: string): boolean {
  return /^#\d+\.[\w-]/.test(hash);
}
