import { isVerdict } from "../../verdict/result.ts";
import { isFileName } from "../names.ts";
import type { ClassDocument, SubmissionRecord } from "../record.ts";

/** A result file can be damaged, edited or something else: what is read from it is checked, field by field. */

/** A check of a value: what is wrong with it, as the field's path; undefined if nothing is. */
type Check = (value: unknown, at: string) => string | undefined;

const text = when((value) => typeof value === "string");
const flag = when((value) => typeof value === "boolean");
const count = when((value) => typeof value === "number" && Number.isFinite(value) && value >= 0);
const orNull = (check: Check): Check => anyOf(check, (value) => value === null);
const maybe = (check: Check): Check => anyOf(check, (value) => value === undefined);
const safeName = when((value) => typeof value === "string" && isFileName(value));
const time = when((value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value));
const known = when(isVerdict);

const person = fields({ id: text, name: orNull(text), email: orNull(text), login: orNull(text) });
const position = fields({ line: count, column: count });
const data = fields({ names: text, sha256: text });
const submission = fields({
  id: safeName,
  people: list(person),
  source: text,
  received: orNull(time),
  late: flag,
  key: text,
});
const step = fields({
  id: text,
  part: count,
  number: count,
  file: text,
  verdict: known,
  passed: flag,
  mistake: orNull(fields({ id: text, sentence: text })),
  message: orNull(text),
  at: orNull(position),
  notes: list(fields({ line: count, column: count, text })),
  milliseconds: count,
});

const record = fields({
  schema: when((value) => value === "backprop-dojo/result/v1"),
  grader: text,
  node: text,
  data,
  steps: list(step),
  submission,
  points: fields({ earned: count, possible: count }),
  seed: maybe(orNull(text)),
  problem: maybe(fields({ id: text, message: text })),
  code: maybe((value, at) =>
    isObject(value) ? firstOf(Object.entries(value), ([id, one]) => text(one, `${at}.${id}`)) : at,
  ),
});

const settings = fields({
  schema: when((value) => value === "backprop-dojo/class/v1"),
  grader: text,
  steps: list(fields({ id: text, points: count })),
  seed: orNull(text),
  data,
  submissions: maybe(list(text)),
  missing: maybe(list(person)),
});

/** The field of a result file that is not as it should be; undefined if all are. Narrow with isRecord. */
export function faultOfRecord(value: unknown): string | undefined {
  return record(value, "");
}

export function isRecord(value: unknown): value is SubmissionRecord {
  return faultOfRecord(value) === undefined;
}

export function isClassDocument(value: unknown): value is ClassDocument {
  return settings(value, "") === undefined;
}

function when(isRight: (value: unknown) => boolean): Check {
  return (value, at) => (isRight(value) ? undefined : at);
}

function anyOf(check: Check, isRight: (value: unknown) => boolean): Check {
  return (value, at) => (isRight(value) ? undefined : check(value, at));
}

function list(check: Check): Check {
  return (value, at) =>
    Array.isArray(value) ? firstOf([...value.entries()], ([i, one]) => check(one, `${at}[${i}]`)) : at;
}

function fields(checks: Readonly<Record<string, Check>>): Check {
  return (value, at) => {
    if (!isObject(value)) return at;
    const within = at === "" ? "" : `${at}.`;
    return firstOf(Object.entries(checks), ([name, check]) => check(value[name], within + name));
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The first fault that a search finds. */
function firstOf<T>(all: readonly T[], faultOf: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const fault = faultOf(one);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
