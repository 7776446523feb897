import { wholeNumber } from "../option-values.js";

/** Views of each stop where nothing else is asked for; 30 give the best. */
export const usualViews = 8;

/** Fewer than 6 at a stop do not determine it. */
export const viewCount = wholeNumber(6, 200);
