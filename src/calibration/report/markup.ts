/** HTML and SVG that cannot be broken by what is put into it. */

/** Text that is markup already. Made by {@link markup} only. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template: text and numbers are escaped, null is nothing. */
export type Content = Markup | string | number | null | readonly Content[];

/** A template whose values are escaped unless they are markup themselves. */
export function markup(fixed: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let text = fixed[0] as string;
  for (const [index, value] of values.entries()) text += written(value) + (fixed[index + 1] as string);
  return new Markup(text);
}

function written(content: Content): string {
  if (content === null) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "string" || typeof content === "number") return escaped(String(content));
  return content.map(written).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and for values of attributes. Characters that XML does not allow become U+FFFD. */
export function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character] as string)
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}");
}
