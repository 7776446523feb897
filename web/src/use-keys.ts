import { useEffect, useRef } from "preact/hooks";

/** What keys do, by `KeyboardEvent.key`; with Shift as `Shift+ArrowLeft`. */
export type KeyActions = Readonly<Record<string, () => void>>;

/** Keys of the whole page while a component is shown; those of a field that is written in, and of commands, are left alone. */
export function useKeys(pressed: KeyActions, released: KeyActions = {}): void {
  const actions = useRef({ pressed, released });
  actions.current = { pressed, released };
  useEffect(() => {
    const act = (event: KeyboardEvent, table: KeyActions): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.target instanceof HTMLInputElement) return;
      const action = table[event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    const press = (event: KeyboardEvent): void => act(event, actions.current.pressed);
    const release = (event: KeyboardEvent): void => act(event, actions.current.released);
    addEventListener("keydown", press);
    addEventListener("keyup", release);
    return () => {
      removeEventListener("keydown", press);
      removeEventListener("keyup", release);
    };
  }, []);
}
