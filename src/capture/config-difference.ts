/** Lists where two plain values differ, one line a field: `near.exposureUs: 8000, now 4000`. */
export function differences(before: unknown, now: unknown, path = ""): readonly string[] {
  if (isGroup(before) && isGroup(now)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
    return keys.flatMap((key) => differences(before[key], now[key], path === "" ? key : `${path}.${key}`));
  }
  const [was, is] = [JSON.stringify(before), JSON.stringify(now)];
  return was === is ? [] : [`${path}: ${was ?? "absent"}, now ${is ?? "absent"}`];
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
