/** A calibration of light in words and tables. */
import { arms } from "../../capture/rig.js";
import type { LightCalibration } from "../../schema/calibration-color.js";
import { formatTable } from "../table.js";

function ghostRows({ ghost }: LightCalibration): string[][] {
  return ghost.flatMap((stop) =>
    arms.map((arm) => {
      const seen = stop[arm];
      const name = [`${stop.distanceMm} mm`, arm];
      if (seen === null) return [...name, stop.noLight[arm] === null ? "none seen" : "no light seen", "", ""];
      const [x, y] = seen.offsetPx;
      const expected = seen.expectedOffsetPx;
      return [
        ...name,
        `${x.toFixed(2)}, ${y.toFixed(2)} px`,
        expected === null ? "" : `${expected[0].toFixed(2)}, ${expected[1].toFixed(2)} px`,
        `${(100 * seen.strength).toFixed(2)} %`,
      ];
    }),
  );
}

function sharpnessRows({ sharpness }: LightCalibration): string[][] {
  return arms.flatMap((arm) =>
    sharpness[arm].map(({ distanceMm, mtf50: [x, y], bestFocusMm }) => [
      `${distanceMm} mm`,
      arm,
      `${x.toFixed(3)}, ${y.toFixed(3)}`,
      bestFocusMm === null ? "not bracketed" : `${bestFocusMm.toFixed(1)} mm`,
    ]),
  );
}

/** What was found, for people. */
export function lightFindings(record: LightCalibration): string[] {
  const { veil, polarisation, advice, gates } = record;
  const gateAdvice = new Set(gates.map((gate) => gate.advice));
  const shares = (values: readonly number[] | null): string =>
    values === null ? "not measured" : `${values.map((value) => (100 * value).toFixed(2)).join(", ")} %`;
  return [
    ...formatTable(["stop", "arm", "ghost", "expected", "strength"], ghostRows(record)),
    ...formatTable(
      ["stop", "arm", "MTF50 x, y (cycles/px)", "best focus before the eye plane"],
      sharpnessRows(record),
    ),
    `Veil (R, G, B of a white): near ${shares(veil.near)}, far ${shares(veil.far)}`,
    polarisation === null
      ? "Polarisation: not measured (--polariser)"
      : `Over unpolarised light: near s ${polarisation.nearS.toFixed(2)}, p ${polarisation.nearP.toFixed(2)}; ` +
        `far s ${polarisation.farS.toFixed(2)}, p ${polarisation.farP.toFixed(2)}`,
    ...advice.filter((sentence) => !gateAdvice.has(sentence)),
  ];
}
