/**
 * Lets one task wait until something that others change has come true. Whoever changes it calls
 * {@link notify}; nothing is polled.
 */
export class Condition {
  #waiters = new Set<() => void>();

  /** Something changed: every waiter looks again. */
  notify(): void {
    for (const look of [...this.#waiters]) look();
  }

  /** Resolves true as soon as `holds()` does, false after `timeoutMs` without. */
  until(holds: () => boolean, timeoutMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    if (holds()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (held: boolean): void => {
        this.#waiters.delete(look);
        clearTimeout(timer);
        resolve(held);
      };
      const look = (): void => {
        if (holds()) end(true);
      };
      const timer = Number.isFinite(timeoutMs) ? setTimeout(() => end(holds()), timeoutMs) : undefined;
      this.#waiters.add(look);
    });
  }
}
