/** So many names are told; the rest is counted. */
const namesTold = 5;

/** `a, b, c, d, e and 4 more` */
export function listed(names: readonly string[]): string {
  const more = names.length - namesTold;
  return names.slice(0, namesTold).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
