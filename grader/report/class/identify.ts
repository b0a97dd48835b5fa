/**
 * Finds each of some people in a table: a roster, a gradebook. Each way of finding is surer than those after it. By the
 * first, several submissions can be the same person's; by the others, a place is only found for one person, and only if no
 * surer way has found it for somebody: of two people with one name, one gets nothing of the other's.
 *
 * @param ways where somebody may be; a way that names several places has found none
 * @param idOf tells people apart
 */
export function identify<Someone, Place>(
  people: readonly Someone[],
  ways: readonly ((one: Someone) => Iterable<Place>)[],
  idOf: (one: Someone) => string,
): ReadonlyMap<Someone, Place> {
  const found = new Map<Someone, Place>();
  for (const [i, way] of ways.entries()) {
    const taken = new Set(found.values());
    const claims = new Map<Place, Someone[]>();
    for (const one of people) {
      if (found.has(one)) continue;
      const [place, ...others] = new Set(way(one));
      if (place === undefined || others.length > 0 || taken.has(place)) continue;
      claims.set(place, [...(claims.get(place) ?? []), one]);
    }
    for (const [place, own] of claims) {
      if (i > 0 && new Set(own.map(idOf)).size > 1) continue;
      for (const one of own) found.set(one, place);
    }
  }
  return found;
}

/** What an id, a login or an email address is compared by: case, and how an accent is written, make nobody else. */
export function keyOf(text: string): string {
  // a Mac writes an accent as a character of its own
  return text.normalize("NFC").toLowerCase();
}

/** The part of an email address before the @, which many institutions use as the login; undefined for anything else. */
export function localPart(email: string | null): string | undefined {
  return /^([^\s@]+)@[^\s@]+$/.exec(email ?? "")?.[1];
}
