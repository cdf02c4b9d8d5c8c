import { WITHIN } from '../within.ts';

/** Waiting for something to become true: looked at whenever anything changes, never by the clock. */
export class Changes {
  readonly #watchers = new Set<() => void>();
  /** Grows with every change in the whole fake. */
  count = 0;

  changed(): void {
    this.count += 1;
    for (const watch of [...this.#watchers]) watch();
  }

  /** Resolves with what `look` finds, once that is neither undefined nor false; fails after `within` milliseconds with what `otherwise` tells. */
  until<T>(look: () => T | false | undefined, otherwise: () => string, within = WITHIN): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        this.#watchers.delete(again);
      };
      const again = () => {
        const found = look();
        if (found === undefined || found === false) return;
        settle();
        resolve(found);
      };
      const timer = setTimeout(() => {
        settle();
        reject(new Error(`not within ${within} ms: ${otherwise()}`));
      }, within);
      this.#watchers.add(again);
      again();
    });
  }
}
