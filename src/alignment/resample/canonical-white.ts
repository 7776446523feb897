/** Stored value of color 1.0 in a canonical image: a stop of headroom. */
export const canonicalWhite = 32768;
