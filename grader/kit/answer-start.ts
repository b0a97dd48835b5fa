/** Where the answer in a step's file begins: behind its imports and its task. */
export function answerStart(code: string): number {
  return /^(import [^;]*;\s*)*(\/\*\*[^]*?\*\/\s*)?/.exec(code)![0].length;
}
