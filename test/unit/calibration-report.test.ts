import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { gate } from "../../src/calibration/record/gate.js";
import { regionGrid, significance } from "../../src/calibration/report/corners/regions.js";
import { thinned } from "../../src/calibration/report/corners/thin-points.js";
import { fixed, quantity, significant, withSigma } from "../../src/calibration/report/numbers.js";
import { type NearPupil, pairGeometry } from "../../src/calibration/report/pair/pair-geometry.js";
import { contourPath } from "../../src/calibration/report/plot/contour.js";
import { plot } from "../../src/calibration/report/plot/plot-area.js";
import { linearScale } from "../../src/calibration/report/plot/scale.js";
import { errorValues } from "../../src/calibration/report/plot/value-scale.js";
import { reportHtml } from "../../src/calibration/report/report-html.js";
import { reportJson } from "../../src/calibration/report/report-json.js";
import { reportPolicy } from "../../src/calibration/report/report-policy.js";
import type { Calibration } from "../../src/schema/calibration.js";
import { ticks } from "../../src/stats/nice-numbers.js";
import { calibratedBench, lightRecord, syncRecord } from "../support/calibration-fixtures.js";
import { simulatedCamera, simulatedPair, simulatedRecords } from "../support/calibration-records.js";
import { seededNormal } from "../support/noise.js";
import { SeededRandom } from "../support/seeded-random.js";
import { simulatedColor } from "../support/simulated-color.js";
import { xmlProblem } from "../support/well-formed.js";

/** What a reader sees, with signs as they are and spaces made plain. */
function textOf(html: string): string {
  return html
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ");
}

/** The document but its first line and its sheet, which are no XML. */
function xmlOf(html: string): string {
  return html.replace(/^<!doctype html>\n/, "").replace(/<style>.*?<\/style>/s, "");
}

const each = simulatedRecords().map((record): [string, Calibration] => [record.kind, record]);

describe.each(each)("the report on a %s calibration", (_kind, record) => {
  const html = reportHtml(record, { now: new Date("2026-11-24T00:00:00Z") });
  const text = textOf(html);

  test("is whole, well formed, and free of numbers that are none", () => {
    expect(html.startsWith("<!doctype html>\n<html")).toBe(true);
    expect(xmlProblem(xmlOf(html))).toBeNull();
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(html.match(/="[^"]*(NaN|undefined|Infinity)/)).toBeNull();
  });

  test("names the rig, the software, the call and every gate with limit, state and advice", () => {
    expect(text).toContain(record.calibrationId);
    expect(text).toContain(record.softwareVersion);
    expect(text).toContain(record.commandLine[1]);
    for (const serial of record.rig === null ? [] : [record.rig.near.serial, record.rig.far.serial]) {
      expect(text).toContain(serial);
    }
    for (const { id, title, state, advice, warn } of record.gates) {
      expect(text).toContain(`${title} ${id} ${state}`);
      if (warn !== null) expect(text).toMatch(new RegExp(`[<>] ${warn}`));
      if (advice !== null) expect(text).toContain(advice.split("`")[0]?.trimEnd());
    }
  });

  test("loads nothing and runs nothing", () => {
    expect(html).not.toMatch(/<script|<iframe|<img|\son\w+=|javascript:|@import|url\(/i);
    expect([...html.matchAll(/(?:https?:)?\/\/[\w.]+/g)].map(([address]) => address)).toSatisfy(
      (all: string[]) => all.every((address) => address === "http://www.w3.org"),
    );
    const sheet = /<style>(.*?)<\/style>/s.exec(html)?.[1] as string;
    const hash = createHash("sha256").update(sheet).digest("base64");
    expect(reportPolicy).toContain(`style-src 'sha256-${hash}'`);
    expect(html).not.toMatch(/\sstyle="/);
  });

  test("has under every drawing a sentence that says how to read it, and axes with units", () => {
    const figures = [...html.matchAll(/<figure>(.*?)<\/figure>/gs)].map(([, inside]) => inside as string);
    expect(figures.length).toBeGreaterThan(2);
    for (const figure of figures) {
      expect(figure).toMatch(/<h4>[^<]+<\/h4><svg.*<\/svg><figcaption>[^<]{12,}<\/figcaption>/s);
    }
  });
});

describe("numbers of the report", () => {
  test("are those of a camera's record", () => {
    const record = simulatedCamera();
    const text = textOf(reportHtml(record));
    expect(text).toContain("fx, px 532.83 ± 0.64");
    expect(text).toContain("p2 −0.00014 ± 0.00018");
    expect(text).toContain(quantity(record.errors.rmsPointPx, "px", 5).replace("\u202f", " "));
    expect(text).toContain("left06.jpg – – – – – no board of 9 × 6 corners was found");
    const seen = record.views[0]?.sighting?.residualsPx as number[];
    const rms = Math.sqrt(seen.reduce((sum, one) => sum + one * one, 0) / (seen.length / 2));
    expect(text).toContain(`left01.jpg ${significant(rms, 4)} 54 0`);
  });

  test("are those of a pair's record, and pupils lie where the read-outs say", () => {
    const record = simulatedPair({ stops: 2, viewsPerStop: 3 });
    const html = reportHtml(record);
    const text = textOf(html);
    for (const [i, { readOuts }] of record.stops.entries()) {
      const { missMm } = pairGeometry(record).pupils[i] as NearPupil;
      expect(missMm[0]).toBeCloseTo(-readOuts.lateralOffsetMm.x.value, 4);
      expect(missMm[1]).toBeCloseTo(-readOuts.lateralOffsetMm.y.value, 4);
      const { value, sigma } = readOuts.lateralOffsetMm.x;
      expect(text).toContain(withSigma(value, sigma, ""));
      for (const sentence of readOuts.advice) expect(text).toContain(sentence);
    }
  });

  test("are those of a color record, with dashes for patches that were clipped", () => {
    const record = simulatedColor();
    const fit = record.nearToFar?.[0];
    const text = textOf(reportHtml(record));
    expect(text).toContain(
      `near to far, 3 × 3 ${fixed(fit?.deltaE00.leaveOneOut?.mean as number, 2)} ${fixed(fit?.deltaE00.leaveOneOut?.max as number, 2)}`,
    );
    const near = record.arms.near as NonNullable<typeof record.arms.near>;
    const without = <T>(list: readonly T[]): T[] => list.filter((_, i) => i !== 18);
    const clipped = {
      ...record,
      nearToFar: null,
      arms: {
        far: null,
        near: {
          ...near,
          chart: {
            ...near.chart,
            patches: near.chart.patches.map((patch, i) =>
              i === 18 ? { ...patch, clippedShare: 0.5 } : patch,
            ),
          },
          toXyz: near.toXyz.slice(0, 1).map(({ deltaE00: { fit, leaveOneOut }, ...one }) => ({
            ...one,
            deltaE00: {
              fit: { ...fit, each: without(fit.each) },
              leaveOneOut: leaveOneOut && { ...leaveOneOut, each: without(leaveOneOut.each) },
            },
          })),
        },
      },
    };
    const black = near.toXyz[0]?.deltaE00.leaveOneOut?.each[23] as number;
    const table = textOf(
      reportHtml({ ...clipped, rig: null, drift: null, light: { near: record.light.near, far: null } }),
    );
    expect(table).toContain("Flat field, camera");
    expect(table).not.toMatch(/near camera|far camera/);
    expect(table).toContain("white – –");
    expect(table).toContain(`black ${fixed(black, 2)}`);
  });

  test("are written with digits that mean something", () => {
    expect(significant(0.000123456)).toBe("0.000123");
    expect(significant(-1234.5, 3)).toBe("−1235");
    expect(significant(1.5e-9)).toBe("1.50·10^-9");
    expect(withSigma(532.8271, 0.6412, "px")).toBe("532.83 ± 0.64\u202fpx");
    expect(withSigma(-0.28088, 0, "")).toBe("−0.28088 (fixed)");
    expect(fixed(-0.0004, 2)).toBe("0.00");
    expect(ticks(-150, 150, 4).map(({ text }) => text)).toEqual(["−100", "0", "100"]);
    expect(ticks(0.31, 0.02, 4).map(({ text }) => text)).toEqual(["0.1", "0.2", "0.3"]);
  });
});

describe("what comes from outside", () => {
  test("cannot break out of the page", () => {
    const evil = `"><script>alert(1)</script>&'\u0000`;
    const rig = { ...calibratedBench, name: evil, near: { vendor: evil, model: evil, serial: evil } };
    const gates = [
      gate({ id: "evil", title: evil, value: 1, unit: evil, warn: 0, fail: null, advice: `\`${evil}\`` }),
    ];
    const context = { rig, gates, commandLine: ["nearfar", evil], softwareVersion: evil };
    const camera = simulatedCamera(4, context);
    const views = camera.views.map((view) => ({ ...view, image: evil, message: evil }));
    for (const record of [{ ...camera, views, board: { ...camera.board, id: evil } }, syncRecord(context)]) {
      const html = reportHtml(record, { recordHref: evil });
      expect(html).not.toContain("<script");
      expect(xmlProblem(xmlOf(html))).toBeNull();
      expect(textOf(html)).toContain(`"><script>alert(1)</script>&'\u{FFFD}`);
    }
  });

  test("may be next to nothing", () => {
    const camera = simulatedCamera(4);
    const unseen = camera.views.map((view) => ({
      ...view,
      sighting: null,
      T_camera_board: null,
      message: "dark",
    }));
    const empty = { ...camera, views: unseen, uncertainty: [], crossValidation: null, gates: [] };
    const color = {
      ...simulatedColor(),
      arms: { near: null, far: null },
      light: { near: null, far: null },
      nearToFar: null,
      drift: null,
    };
    for (const record of [lightRecord(), syncRecord(), empty, color, simulatedPair({ stops: 0 })]) {
      const html = reportHtml(record);
      expect(xmlProblem(xmlOf(html))).toBeNull();
      expect(html).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  test("may be large: eight stops of thirty boards stay below 3 MB, and it says that corners were thinned", () => {
    const html = reportHtml(simulatedPair({ stops: 8, viewsPerStop: 30 }));
    expect(Buffer.byteLength(html)).toBeLessThan(3e6);
    expect(textOf(html)).toMatch(/[\d,]+ of [\d,]{6,} corners are drawn/);
  });
});

describe("plots", () => {
  test("thinning keeps the extent and the evenness of the points", () => {
    const random = new SeededRandom(3);
    const points = Array.from({ length: 40_000 }, () => ({
      x: random.between(0, 1024),
      y: random.between(0, 640),
    }));
    const few = thinned(points, [1024, 1280], 1000);
    expect(few.length).toBeGreaterThan(300);
    expect(few.length).toBeLessThan(1100);
    const left = few.filter(({ x }) => x < 512).length;
    expect(left / few.length).toBeCloseTo(0.5, 1);
    expect(Math.max(...few.map(({ x }) => x))).toBeGreaterThan(990);
    expect(thinned(points.slice(0, 10), [1024, 1280], 1000)).toHaveLength(10);
  });

  test("a region with a bias of its own stands out, noise does not", () => {
    const normal = seededNormal(5);
    const random = new SeededRandom(6);
    const points = Array.from({ length: 4000 }, () => {
      const [x, y] = [random.between(0, 640), random.between(0, 480)];
      const bias = x > 512 && y > 360 ? 0.05 : 0;
      return { x, y, dx: bias + 0.1 * normal(), dy: 0.1 * normal(), outlier: false };
    });
    const { columns, rows, regions } = regionGrid(points, [640, 480]);
    expect([columns, rows]).toEqual([5, 4]);
    const strong = regions.filter((region) => significance(region) > 3);
    expect(strong.map(({ column, row }) => [column, row])).toEqual([[4, 3]]);
    expect(strong[0]?.meanX).toBeCloseTo(0.05, 1);
    expect(regions.reduce((sum, { count }) => sum + count, 0)).toBe(4000);
  });

  test("a contour lies where a slope has its level, and is cut off at unknown samples", () => {
    const values = Array.from({ length: 25 }, (_, i): number | null => i % 5);
    const map = {
      title: "",
      unit: "px",
      columns: 5,
      rows: 5,
      from: [0, 0],
      to: [4, 4],
      placeUnit: "px",
      values,
    } as const;
    const area = { x: linearScale(0, 4, 0, 400), y: linearScale(4, 0, 400, 0), widthPx: 400, heightPx: 400 };
    const path = (known: readonly (number | null)[]): string[] =>
      [
        ...contourPath(area, { ...map, from: [0, 0], to: [4, 4], values: [...known] }, 2.25).text.matchAll(
          /M([\d.]+) /g,
        ),
      ].map(([, x]) => x as string);
    expect(path(values)).toEqual(["225", "225", "225", "225"]);
    expect(path(values.with(12, null))).toHaveLength(2);
  });

  test("errors that differ by decades get logarithmic colors, others linear ones from zero", () => {
    const even = errorValues([0.02, 0.03, 0.05, null]);
    expect(even).toMatchObject({ isLogarithmic: false, range: [0, 0.05] });
    const wide = errorValues([...Array.from({ length: 97 }, () => 0.03), 1, 3, 10]);
    expect(wide).toMatchObject({ isLogarithmic: true, range: [0.03, 10] });
    expect(wide.share(0.03)).toBeCloseTo(0, 9);
    expect(wide.share(Math.sqrt(0.3))).toBeCloseTo(0.5, 9);
    expect(wide.ticks(6).map(({ text }) => text)).toEqual(["0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10"]);
    expect(errorValues([null]).range[1]).toBeGreaterThan(0);
  });

  test("images are drawn in their own proportions, y down", () => {
    const drawn = plot(
      {
        title: "image",
        x: { label: "x", from: -0.5, to: 1023.5 },
        y: { label: "y", from: 1279.5, to: -0.5 },
        widthPx: 320,
        heightPx: 320,
        equalScale: true,
      },
      ({ x, y, widthPx, heightPx }) => {
        expect([widthPx, heightPx]).toEqual([256, 320]);
        expect([x.at(-0.5), y.at(-0.5), y.at(1279.5)]).toEqual([0, 0, 320]);
        return null;
      },
    );
    expect(xmlProblem(drawn.text)).toBeNull();
  });
});

test("expired calibrations are said to be expired", () => {
  const record = simulatedCamera(4, { expiresAt: "2026-12-01T00:00:00.000Z" });
  const on = (day: string): string => textOf(reportHtml(record, { now: new Date(day) }));
  expect(on("2026-12-02")).toContain("expired: make it anew");
  expect(on("2026-11-30")).not.toContain("expired");
});

test("the summary holds verdict, gates and first numbers, and no observations", () => {
  for (const record of simulatedRecords()) {
    const summary = reportJson(record);
    expect(summary).toMatchObject({
      calibrationId: record.calibrationId,
      verdict: record.verdict,
      gates: record.gates,
    });
    const text = JSON.stringify(summary);
    expect(text.length).toBeLessThan(20_000);
    expect(text).not.toContain("pointsPx");
  }
  expect(reportJson(simulatedCamera()).numbers).toMatchObject({
    fx: 532.827,
    sigma: { fx: 0.64 },
    views: { all: 13, used: 12 },
  });
});
