/** Sections, tables and figures of a report. */
import { type Content, type Markup, markup } from "./markup.js";

export function section(title: string, ...content: readonly Content[]): Markup {
  return markup`<section><h2>${title}</h2>${content}</section>`;
}

export function subsection(title: string, ...content: readonly Content[]): Markup {
  return markup`<h3>${title}</h3>${content}`;
}

/** A plot under its title, and a sentence that says how to read it. */
export function figure(title: string, drawing: Markup, howToRead: string): Markup {
  return markup`<figure><h4>${title}</h4>${drawing}<figcaption>${howToRead}</figcaption></figure>`;
}

/** Figures side by side where there is room. */
export function row(...figures: readonly Content[]): Markup {
  return markup`<div class="row">${figures}</div>`;
}

export function paragraph(text: Content): Markup {
  return markup`<p>${text}</p>`;
}

/** Text in which words between backticks are code. */
export function prose(text: string): Content {
  return text.split("`").map((part, i) => (i % 2 === 1 ? markup`<code>${part}</code>` : part));
}

export function bulletList(items: readonly Content[]): Markup {
  return markup`<ul>${items.map((item) => markup`<li>${item}</li>`)}</ul>`;
}

/** A column: its title, and whether it holds numbers. */
export interface Column {
  readonly title: string;
  readonly number?: boolean;
}

export const numberColumn = (title: string): Column => ({ title, number: true });
export const textColumn = (title: string): Column => ({ title });

/** @param className `compact` for long ones. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
  className: "" | "compact" = "",
): Markup {
  const classOf = (column: number): Content => (columns[column]?.number ? markup` class="n"` : null);
  const head = columns.map(({ title }, i) => markup`<th${classOf(i)}>${title}</th>`);
  const body = rows.map(
    (cells) => markup`<tr>${cells.map((cell, i) => markup`<td${classOf(i)}>${cell}</td>`)}</tr>`,
  );
  return markup`<div class="scroll"><table class="${className}"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** Lists of at most `size`, for tables that must fit on a page. */
export function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(size * i, size * (i + 1)),
  );
}

/** Names and what they are, one a line; lines without content are left out. */
export function facts(lines: readonly (readonly [string, Content])[]): Markup {
  const known = lines.filter(([, content]) => content !== null);
  return markup`<table class="facts"><tbody>${known.map(
    ([name, content]) => markup`<tr><th>${name}</th><td>${content}</td></tr>`,
  )}</tbody></table>`;
}
