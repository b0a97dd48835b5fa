const NAME = String.raw`[A-Za-z_][\w.-]*`;
const TAG = new RegExp(String.raw`^<(/?)(${NAME})((?:\s+[\w:-]+="[^"<]*")*)\s*(/?)>$`);

/** Why a text is not well-formed XML of elements, attributes and text; undefined if it is. */
export function problemOfXml(text: string): string | undefined {
  const open: string[] = [];
  let roots = 0;
  for (const [piece] of text.matchAll(/<[^>]*>|[^<]+|</g)) {
    if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(piece)) return `a bare & in ${piece}`;
    if (!piece.startsWith("<")) {
      if (piece.trim() !== "" && open.length === 0) return `text outside the root: ${piece}`;
      continue;
    }
    const [, end, name, attributes = "", empty] = TAG.exec(piece) ?? [];
    if (name === undefined) return `no tag: ${piece}`;
    const names = [...attributes.matchAll(/([\w:-]+)=/g)].map(([, attribute]) => attribute);
    if (new Set(names).size < names.length) return `an attribute twice in ${piece}`;
    if (end) {
      if (open.pop() !== name) return `${piece} closes another element`;
      continue;
    }
    if (open.length === 0 && roots++ > 0) return `a second root: ${piece}`;
    if (!empty) open.push(name);
  }
  return open.length > 0 ? `<${open.at(-1)}> is not closed` : undefined;
}
