type Samples = Uint8Array | Uint16Array;

/** The same samples where native threads use them in place; every resampling of the frame would copy others. */
export function sharedSamples(samples: Samples): Samples {
  const shared = new SharedArrayBuffer(samples.byteLength);
  const copy = samples instanceof Uint16Array ? new Uint16Array(shared) : new Uint8Array(shared);
  copy.set(samples);
  return copy;
}
