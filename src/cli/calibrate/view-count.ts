import { InvalidArgumentError } from "commander";

/** Views of each stop where nothing else is asked for; 30 give the best. */
export const usualViews = 8;

/** Fewer at a stop do not determine it. */
const leastViews = 6;
const mostViews = 200;

export function viewCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= leastViews && count <= mostViews) return count;
  throw new InvalidArgumentError(`must be a whole number from ${leastViews} to ${mostViews}`);
}
