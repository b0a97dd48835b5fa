/** The words of three engines: what they say of the same errors, in the words that the command line's programs have. */

/** What engines say before the error itself. */
const BEFORE = /^(?:Uncaught )?(?:SyntaxError: )?(?:Failed to execute 'importScripts' on '\w+': )?/;

type Words = readonly [pattern: RegExp, words: string][];

/** Early errors that the compiler lets by; the words are the bundler's. */
const refusals: Words = [
  [/^Identifier '(.+)' has already been declared$/, 'The symbol "$1" has already been declared'],
  [/^redeclaration of \w+ (.+)$/, 'The symbol "$1" has already been declared'],
  [/^Cannot declare an? .*(?:twice|shadows).*: '(.+)'\.?$/, 'The symbol "$1" has already been declared'],
  [/^Unary operator used immediately before exponentiation/, 'Unexpected "**"'],
  [/^unparenthesized unary expression can't appear on the left-hand side of '\*\*'/, 'Unexpected "**"'],
  [/^Unexpected token '\*\*'\. Ambiguous unary expression/, 'Unexpected "**"'],
  [/^await is only valid in/, '"await" can only be used inside an "async" function'],
  [
    /^Invalid (?:left-hand side in assignment|assignment left-hand side)|^invalid assignment/i,
    "Invalid assignment target",
  ],
];

/** What an engine says of code that it refuses. */
export function refusalWords(said: string): string {
  return inWords(said.replace(BEFORE, ""), refusals);
}

/** Errors that code throws; the words are V8's. */
const errors: Words = [
  [/^ReferenceError: Can't find variable: (\S+)$/, "ReferenceError: $1 is not defined"],
  [/^TypeError: (.+) is not a function\. \(In .*\)$/s, "TypeError: $1 is not a function"],
  [/^TypeError: undefined is not a function \(near '\.\.\..* of (.+)\.\.\.'\)$/s, "TypeError: $1 is not iterable"],
  [/^TypeError: (.+) is not a constructor \(evaluating .*\)$/s, "TypeError: $1 is not a constructor"],
  [
    /^TypeError: (undefined|null) is not an object \(evaluating '.*[.[]['"]?([\w$]+)['"]?\]? = .*'\)$/s,
    "TypeError: Cannot set properties of $1 (setting '$2')",
  ],
  [
    /^TypeError: (undefined|null) is not an object \(evaluating '.*(?:\.|\['|\["|\[(?=\d))([\w$]+)['"]?\]?'\)$/s,
    "TypeError: Cannot read properties of $1 (reading '$2')",
  ],
];

/** What an engine says of an error that code threw. */
export function errorWords(said: string): string {
  return inWords(said, errors);
}

function inWords(said: string, known: Words): string {
  const found = known.find(([pattern]) => pattern.test(said));
  return found ? said.replace(found[0], found[1]) : said;
}
