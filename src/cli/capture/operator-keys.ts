import type { Terminal } from "../terminal.js";

/** What an operator can ask of a run with one key. */
export interface OperatorCommands {
  shoot(): void;
  retake(): void;
  reject(): Promise<void>;
  skip(): void;
  note(text: string): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): void;
  /** One line that says how the run stands. */
  statusLine(): string;
}

const help = [
  "space  shoot          r  retake the last shot   x  reject the last shot",
  "s      skip           n  note on the last shot  p  pause or go on",
  "i      how it stands  q  stop after this shot   ?  this help",
];

/** Binds single keys to the run until the returned function is called. */
export function bindOperatorKeys(terminal: Terminal, commands: OperatorCommands): () => void {
  let paused = false;
  let release = terminal.onKey(receive);
  const actions: Readonly<Record<string, () => void | Promise<void>>> = {
    " ": () => commands.shoot(),
    r: () => commands.retake(),
    x: () => commands.reject(),
    s: () => commands.skip(),
    q: () => commands.stop(),
    p: () => {
      paused = !paused;
      if (paused) commands.pause();
      else commands.resume();
    },
    i: () => terminal.note(commands.statusLine()),
    n: () => takeNote(),
    "?": () => {
      for (const line of help) terminal.note(line);
    },
  };

  function receive(key: string): void {
    // A command that fails is not worth more than a line: the run tells what matters itself.
    Promise.resolve(actions[key]?.()).catch((error: unknown) => {
      terminal.note(error instanceof Error ? error.message : String(error));
    });
  }

  async function takeNote(): Promise<void> {
    release();
    const text = await terminal.ask("note: ").catch(() => "");
    release = terminal.onKey(receive);
    if (text.trim() !== "") await commands.note(text.trim());
  }

  terminal.note("Keys: space shoot, r retake, x reject, s skip, n note, p pause, q stop, ? help");
  return () => release();
}
