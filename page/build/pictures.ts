/** A color in six digits, as our pictures write colors. */
const COLOR = /(#[0-9a-f]{6})\b/;

/** An attribute that says where something is, or how large. */
const POSITION = / (?:[xyd]|[xy][12]|c[xy]|width|height|points|transform)="[^"]*"/g;
/** A number with hundredths. */
const HUNDREDTHS = /-?\d+\.\d{2,}/g;

/**
 * One drawing from a light one and a dark one that differ only in their colors: it is light or dark as the browser
 * prefers.
 *
 * @throws Error if the drawings differ in anything else
 */
export function inBothThemes(light: string, dark: string): string {
  const [ofLight, ofDark] = [light.split(COLOR), dark.split(COLOR)];
  const pairOf = (piece: string, i: number): string => {
    const other = ofDark[i];
    const isColor = i % 2 === 1;
    if (!isColor && (piece !== other || ofLight.length !== ofDark.length))
      throw new Error("a light and a dark picture differ in more than their colors");
    return isColor && piece !== other ? `${piece}${other}` : "";
  };
  const pairs = ofLight.map(pairOf);
  // in one order for all drawings: where they are packed, one is like the other
  const colors = [...new Set(pairs)].filter(Boolean).toSorted();
  const pieces = ofLight.map((piece, i) => (pairs[i] === "" ? piece : `var(--c${colors.indexOf(pairs[i]!)})`));
  const set = (start: number): string => colors.map((pair, i) => `--c${i}:${pair.slice(start, start + 7)}`).join(";");
  const style = `<style>:root{${set(0)}}@media (prefers-color-scheme:dark){:root{${set(7)}}}</style>`;
  // a tenth of a pixel is not seen, and a fiftieth of the drawings' bytes
  const rounded = (number: string): string => String(Number(Number(number).toFixed(1)));
  const drawing = pieces.join("").replaceAll(POSITION, (position) => position.replaceAll(HUNDREDTHS, rounded));
  return drawing.replace(/^<svg[^>]*>/, (start) => `${start}${style}`);
}
