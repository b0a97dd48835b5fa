/** Words of the language that no variable can be called. */
const RESERVED = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof var void while with yield"
  ).split(" "),
);

/** Whether code can use a word as a variable's name. */
export function isName(word: string): boolean {
  return /^[A-Za-z_]\w*$/.test(word) && !RESERVED.has(word);
}
