/**
 * Waits for every file, also when one fails: nothing may be written any more once the failure is told.
 * @throws the first failure, in the order of the files.
 */
export async function allWritten<T>(writing: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(writing);
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}
