import { afterAll, beforeAll, expect, test } from "vitest";
import { type FaceScore, FaceStudio, tooLow } from "../support/rendered-faces.js";

let studio: FaceStudio;
beforeAll(async () => {
  studio = await FaceStudio.open();
});
afterAll(() => studio.close());

test("16 heads with three expressions are found in both views at every stop, score 0.9 and more", async () => {
  const scores: FaceScore[] = [];
  for (let identity = 0; identity < 16; identity++) {
    for (const expression of ["neutral", "smile", "surprise"]) {
      scores.push(...(await studio.scores(identity, expression)));
    }
  }
  const least = (of: (score: FaceScore) => number): string => Math.min(...scores.map(of)).toFixed(3);
  const errors = scores.map(({ landmarkError }) => landmarkError).sort((a, b) => a - b);
  console.log(
    `${scores.length} views: least detector score ${least(({ score }) => score)}, ` +
      `least mesh score ${least(({ meshScore }) => meshScore)}, ` +
      `landmarks off by ${(100 * (errors[Math.floor(errors.length / 2)] ?? Number.NaN)).toFixed(1)} % of the ` +
      "outer eye distance in the median",
  );
  expect(tooLow(scores, 0.9)).toEqual([]);
}, 1_800_000);
