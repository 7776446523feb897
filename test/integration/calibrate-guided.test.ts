/** Views of boards that people hold: the virtual rig plays somebody who is not always where they were asked to be. */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collectViews } from "../../src/calibration/rig/collect-views.js";
import { planBoards } from "../../src/calibration/rig/plan-boards.js";
import { type PlannedStop, posePlan } from "../../src/calibration/rig/pose-plan.js";
import { ViewJournal } from "../../src/calibration/rig/view-journal.js";
import type { TargetGuide, TargetRequest } from "../../src/devices/contract/target-guide.js";
import { ManualTargetGuide } from "../../src/devices/stage/manual-target-guide.js";
import { createVision, type Vision } from "../../src/native/vision.js";
import { targetsFolder } from "../../src/targets/read-targets.js";
import {
  type CalibrationStand,
  fewerPixels,
  startCalibrationStand,
  virtualRigText,
} from "../support/calibration-rig.js";
import { repository, withFolder } from "../support/cli.js";

/** What a person does about a request; by default what they were asked. */
type Conduct = (request: TargetRequest) => TargetRequest;

class Person implements TargetGuide {
  readonly automatic = false;
  /** Taken one a request. */
  conducts: Conduct[] = [];
  readonly asked: string[] = [];
  /** What they do once they stand there. */
  fidget: () => Promise<unknown> = async () => {};
  readonly #hands: TargetGuide;

  constructor(hands: TargetGuide) {
    this.#hands = hands;
  }

  async show(request: TargetRequest, signal?: AbortSignal): Promise<void> {
    this.asked.push(request.text);
    await this.#hands.show((this.conducts.shift() ?? ((as) => as))(request), signal);
    await this.fidget();
  }

  release(): Promise<void> {
    return this.#hands.release();
  }
}

let person: Person;
let stand: CalibrationStand;
let vision: Vision;
let plan: readonly PlannedStop[];
let boards: Awaited<ReturnType<typeof planBoards>>["boards"];
beforeAll(async () => {
  vision = createVision();
  stand = await startCalibrationStand(await virtualRigText(fewerPixels(2)), ({ targetGuide }) => {
    person = new Person(targetGuide);
    return person;
  });
  const known = await planBoards([450], "charuco-a4", targetsFolder(repository));
  boards = known.boards;
  plan = posePlan(stand.config, { stopsMm: [450], views: 3, boardAt: known.boardAt });
}, 60_000);
afterAll(async () => {
  await stand?.stop();
  await vision?.close();
});

async function collected(
  conducts: Conduct[],
  more: Partial<Parameters<typeof collectViews>[2]> = {},
  stops = plan,
) {
  const told: { readonly complaint: string | null; readonly again: boolean; readonly done: number }[] = [];
  person.conducts = conducts;
  person.asked.length = 0;
  const views = await collectViews(stand.shooter, stops, {
    vision,
    boards,
    onProgress: ({ complaint, again, done }) => told.push({ complaint, again, done }),
    ...more,
  });
  return { views, told };
}

const away: Conduct = ({ text }) => ({ show: "nothing", text });

describe("a person who holds boards", () => {
  test("is asked again for a view that no camera saw, and it is left out after three tries", async () => {
    const { views, told } = await collected([away, (as) => as, away, away, away]);
    expect(views.map(({ name, role }) => [name, role])).toEqual([
      ["450-01", "eye-plane"],
      ["450-03", "pose"],
    ]);
    expect(person.asked).toHaveLength(6);
    expect(person.asked[0]).toBe(person.asked[1]);
    expect(told.map(({ again, done }) => [again, done])).toEqual([
      [true, 0],
      [false, 1],
      [true, 1],
      [true, 1],
      [false, 2],
      [false, 3],
    ]);
    expect(told[0]?.complaint).toMatch(/does not see the board/);
    expect(told[1]?.complaint).toBeNull();
  }, 60_000);

  test("is told to hold still while the board moves", async () => {
    const velocityMmS: [number, number, number] = [0, 40, 0];
    person.fidget = () => stand.ask("scene", { motion: { kind: "linear", velocityMmS } });
    const first = plan.map((stop) => ({ ...stop, poses: stop.poses.slice(0, 1) }));
    const { views, told } = await collected([], {}, first).finally(() => {
      person.fidget = async () => {};
    });
    expect(views).toEqual([]);
    expect(told[0]?.complaint).toMatch(/moved|out of view/);
  }, 90_000);

  test(
    "takes only what is missing after a break, from a journal that was cut off in a line",
    () =>
      withFolder(async (folder) => {
        const path = join(folder, "calibrating", "views.jsonl");
        const journal = await ViewJournal.begin(path, "the plan");
        const { views } = await collected([away, away, away], { keep: (view) => journal.keep(view) });
        expect(views).toHaveLength(2);
        await appendFile(path, '{"type":"view","name":"450-0');
        const { kept } = await ViewJournal.resume(path, "the plan");
        expect(kept).toEqual(views);
        const rest = await collected([], { kept });
        expect(person.asked).toHaveLength(1);
        expect(rest.views.map(({ name }) => name)).toEqual(["450-01", "450-02", "450-03"]);
      }),
    60_000,
  );
});

test("without a person at a terminal a real rig's targets are refused", async () => {
  const guide = new ManualTargetGuide(null);
  await expect(guide.show({ show: "flat", text: "Hold up the card." })).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringContaining("Hold up the card."),
  });
});
