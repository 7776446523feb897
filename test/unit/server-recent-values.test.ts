import { expect, test } from "vitest";
import { RecentValues } from "../../src/server/recent-values.js";

test("a value is made once while it is among the most recent, also for callers at the same time", async () => {
  const made: string[] = [];
  const values = new RecentValues<string>(2);
  const get = (key: string): Promise<string> =>
    values.get(key, async () => {
      made.push(key);
      return key.toUpperCase();
    });
  expect(await Promise.all([get("a"), get("a"), get("b")])).toEqual(["A", "A", "B"]);
  await get("a");
  await get("c");
  await get("a");
  expect(made).toEqual(["a", "b", "c"]);
  await get("b");
  expect(made).toEqual(["a", "b", "c", "b"]);
});

test("what failed is tried again", async () => {
  const values = new RecentValues<number>(2);
  await expect(values.get("a", () => Promise.reject(new Error("not yet")))).rejects.toThrow("not yet");
  expect(await values.get("a", async () => 3)).toBe(3);
});
