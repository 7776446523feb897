import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FaceStudio, tooLow } from "../support/rendered-faces.js";

describe("the face finder on the project's own heads", () => {
  let studio: FaceStudio;
  beforeAll(async () => {
    studio = await FaceStudio.open();
  });
  afterAll(() => studio.close());

  // test/slow has all 16 identities with all three expressions.
  test.each([
    [0, "neutral"],
    [6, "smile"],
    [15, "surprise"],
  ])(
    "head:%d, %s, is found at every stop and in the far view",
    async (identity, expression) => {
      const scores = await studio.scores(identity, expression);
      expect(scores).toHaveLength(5);
      expect(tooLow(scores, 0.9)).toEqual([]);
      // The network's landmarks lie where the truth says, to its own precision.
      for (const { landmarkError } of scores) expect(landmarkError).toBeLessThan(0.1);
    },
    120_000,
  );
});
