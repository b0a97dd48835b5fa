/** Where the answer in a step's file begins: behind its imports and its task. */
export function answerStart(text: string): number {
  return /^(import [^;]*;\s*)*(\/\*\*[^]*?\*\/\s*)?/.exec(text)![0].length;
}
