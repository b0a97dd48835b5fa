/** A color in six digits, as our pictures write colors. */
const COLOR = /(#[0-9a-f]{6})\b/;

/**
 * One drawing from a light one and a dark one that differ only in their colors: it is light or dark as the browser
 * prefers.
 *
 * @throws Error if the drawings differ in anything else
 */
export function inBothThemes(light: string, dark: string): string {
  const [ofLight, ofDark] = [light.split(COLOR), dark.split(COLOR)];
  const names = new Map<string, string>();
  const pieces = ofLight.map((piece, i) => {
    const other = ofDark[i];
    const isColor = i % 2 === 1;
    if (!isColor && (piece !== other || ofLight.length !== ofDark.length))
      throw new Error("a light and a dark picture differ in more than their colors");
    if (!isColor || piece === other) return piece;
    const pair = `${piece}${other}`;
    if (!names.has(pair)) names.set(pair, `--c${names.size}`);
    return `var(${names.get(pair)})`;
  });
  const set = (start: number): string =>
    [...names].map(([pair, name]) => `${name}:${pair.slice(start, start + 7)}`).join(";");
  const style = `<style>:root{${set(0)}}@media (prefers-color-scheme:dark){:root{${set(7)}}}</style>`;
  return pieces.join("").replace(/^<svg[^>]*>/, (start) => `${start}${style}`);
}
