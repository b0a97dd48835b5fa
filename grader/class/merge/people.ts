import type { Person, Submission } from "../record.ts";

/** A person as a reader of the class knows them. */
export function nameOf({ name, email, login, id }: Person): string {
  return [name, login, email, id].find((one) => one !== null && one.trim() !== "") ?? "nobody";
}

/** The people of a submission; its own id if it names nobody. */
export function displayNames({ people, id }: Pick<Submission, "people" | "id">): string {
  return people.length === 0 ? id : people.map(nameOf).join(", ");
}

/** Parts of people's names that text must not contain if it is to be anonymous, in lower case. */
export function namePieces(people: readonly Person[]): string[] {
  const texts = people.flatMap(({ name, email, login, id }) => [name, email, login, id]);
  const pieces = texts.flatMap(
    (text) =>
      text
        ?.normalize("NFKC")
        .toLowerCase()
        .match(/[\p{L}\p{M}\p{N}]{3,}/gu) ?? [],
  );
  return [...new Set(pieces)];
}
