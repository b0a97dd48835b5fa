/** What the page shows, as the part of its address after #. */
export type Route =
  | { readonly view: "home" }
  | { readonly view: "step"; readonly id: string }
  /** A text of the course, from exercises/, and the heading to begin at. */
  | { readonly view: "read"; readonly file: string; readonly anchor?: string }
  /** A text to try tensors out. */
  | { readonly view: "scratch" }
  /** The network's ladder, or the one that a step is on. */
  | { readonly view: "ladder"; readonly step?: string }
  | { readonly view: "work" };

/** @returns home for an address that the page does not have */
export function routeOf(hash: string): Route {
  const [view, ...rest] = decoded(hash).replace(/^#\/?/, "").split("/");
  const place = rest.join("/");
  if (view === "step" && place !== "") return { view, id: place };
  if (view === "scratch") return { view };
  if (view === "ladder") return { view, ...(place !== "" && { step: place }) };
  if (view === "work") return { view };
  if (view !== "read" || place === "") return { view: "home" };
  const [file, anchor] = place.split("#") as [string, string?];
  return { view, file, ...(anchor !== undefined && { anchor }) };
}

/** An address that was cut within a character's code stays as it is. */
function decoded(hash: string): string {
  try {
    return decodeURI(hash);
  } catch {
    return hash;
  }
}

/** The address of a view. */
export function hashOf(route: Route): string {
  switch (route.view) {
    case "home":
      return "#/";
    case "scratch":
      return "#/scratch";
    case "ladder":
      return route.step === undefined ? "#/ladder" : `#/ladder/${route.step}`;
    case "work":
      return "#/work";
    case "step":
      return `#/step/${route.id}`;
    case "read":
      return `#/read/${route.file}${route.anchor === undefined ? "" : `#${route.anchor}`}`;
  }
}
