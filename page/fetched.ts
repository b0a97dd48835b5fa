/**
 * A file of the site, by its name.
 *
 * @throws Error that names it, if it cannot be loaded
 */
export async function fetched(name: string): Promise<Response> {
  const response = await fetch(new URL(name, location.href)).catch(() => undefined);
  if (response?.ok) return response;
  throw new Error(`${name} cannot be loaded (${response ? response.status : "is there a connection?"})`);
}

/** What a JSON file of the site holds. @throws Error if it cannot be loaded */
export async function fetchedJson<X>(name: string): Promise<X> {
  return (await (await fetched(name)).json()) as X;
}
