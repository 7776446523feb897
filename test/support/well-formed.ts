/**
 * What is wrong with a text as XML: tags that do not match, attributes without quotes, signs that are not escaped.
 * Enough for markup without comments, CDATA and declarations.
 */
export function xmlProblem(text: string): string | null {
  const open: string[] = [];
  const tag =
    /<(\/?)([A-Za-z][\w:-]*)((?:\s+[A-Za-z_:][\w:.-]*="[^"<]*")*)\s*(\/?)>|([<>])|&(?!(?:amp|lt|gt|quot|#39);)/g;
  for (const match of text.matchAll(tag)) {
    const [whole, closing, name, attributes, empty] = match;
    const near = text.slice(Math.max(0, match.index - 40), match.index + 60);
    if (name === undefined) return `"${whole}" in "${near}"`;
    const names = (attributes ?? "").match(/[\w:.-]+(?==")/g) ?? [];
    if (new Set(names).size !== names.length) return `an attribute twice in "${whole}"`;
    if (closing === "/") {
      if (open.pop() !== name) return `</${name}> closes nothing in "${near}"`;
    } else if (empty !== "/") open.push(name);
  }
  return open.length === 0 ? null : `not closed: ${open.join(" ")}`;
}
