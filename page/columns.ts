/**
 * Lists of objects as columns: what is alike is next to each other, where gzip finds it. Objects may lack fields, and no
 * field is null.
 */

/** Values that are at the same place of several objects. */
export type Columns =
  | { readonly all: readonly unknown[] }
  | { readonly fields: Readonly<Record<string, Columns>> }
  | { readonly lengths: readonly (number | null)[]; readonly items: Columns };

/** @throws Error if a field is null */
export function columnsOf(values: readonly unknown[]): Columns {
  const there = values.filter((value) => value !== undefined);
  if (there.includes(null)) throw new Error("null has no place in columns: it says that there is no value");
  if (there.length > 0 && there.every(Array.isArray)) {
    const lengths = values.map((value) => (value as unknown[] | undefined)?.length ?? null);
    return { lengths, items: columnsOf(there.flat()) };
  }
  if (there.length > 0 && there.every((value) => typeof value === "object" && !Array.isArray(value))) {
    const rows = values as readonly (Readonly<Record<string, unknown>> | undefined)[];
    const names = new Set(rows.flatMap((row) => Object.keys(row ?? {})));
    return { fields: Object.fromEntries([...names].map((name) => [name, columnsOf(rows.map((row) => row?.[name]))])) };
  }
  return { all: values.map((value) => value ?? null) };
}

/** The values that columns were made of. An object that had no field with a value is undefined. */
export function valuesOf(columns: Columns): unknown[] {
  if ("all" in columns) return columns.all.map((value) => value ?? undefined);
  if ("lengths" in columns) {
    const items = valuesOf(columns.items);
    let start = 0;
    return columns.lengths.map((length) => (length === null ? undefined : items.slice(start, (start += length))));
  }
  const fields = Object.entries(columns.fields).map(([name, column]) => [name, valuesOf(column)] as const);
  const rows = Array.from({ length: Math.max(0, ...fields.map(([, values]) => values.length)) }, (_, i) =>
    fields.filter(([, values]) => values[i] !== undefined).map(([name, values]) => [name, values[i]] as const),
  );
  return rows.map((row) => (row.length === 0 ? undefined : Object.fromEntries(row)));
}
