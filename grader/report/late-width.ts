import type stringWidth from "string-width";
import stripAnsi from "strip-ansi";

declare const require: (file: string) => { default: typeof stringWidth };

const ASCII = /^[ -~]*$/;

/**
 * string-width, loaded when it is first given anything but ASCII. In the grader's script it stands in for string-width,
 * which takes 15 ms of a command's start to load, above all for regular expressions over Unicode.
 */
// oxlint-disable-next-line import/no-default-export -- as string-width exports it
export default function lateStringWidth(text: string, options?: Parameters<typeof stringWidth>[1]): number {
  const shown = options?.countAnsiEscapeCodes ? text : stripAnsi(text);
  if (ASCII.test(shown)) return shown.length;
  return require("../../node_modules/string-width/index.js").default(text, options);
}
