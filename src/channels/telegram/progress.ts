/**
 * How far the updates have been dealt with: pure bookkeeping behind the offset.
 *
 * Invariant: the offset never passes an update that is not done. Telegram forgets what lies before the offset
 * for ever, so an offset too high loses a report.
 */
type State = 'running' | 'done' | 'failed';

export class Progress {
  readonly #states = new Map<number, State>();
  #next: number | undefined;

  /** What to ask with: the first update that is not done, else one more than the last; unknown at first. */
  offset(): number | undefined {
    const open = this.#lowestOpen() ?? this.#next;
    if (open !== undefined)
      for (const [id, state] of this.#states) if (state === 'done' && id < open) this.#states.delete(id);
    return open;
  }

  /** Something is being handled or has failed: the server will give it again. */
  hasOpen(): boolean {
    return this.#lowestOpen() !== undefined;
  }

  hasFailed(): boolean {
    return [...this.#states.values()].includes('failed');
  }

  /** Not seen yet, or to be tried again. */
  isWanted(id: number): boolean {
    const state = this.#states.get(id);
    return state === undefined || state === 'failed';
  }

  set(id: number, state: State): void {
    this.#states.set(id, state);
    this.#next = Math.max(this.#next ?? 0, id + 1);
  }

  /**
   * The server answered with these ids, everything from the offset on. A failed one that is missing is gone:
   * another process confirmed it, or Telegram gave up on it after 24 hours.
   */
  answered(ids: readonly number[], full: boolean): void {
    const end = full ? Math.max(...ids) : Number.POSITIVE_INFINITY;
    for (const [id, state] of this.#states)
      if (state === 'failed' && id < end && !ids.includes(id)) this.#states.delete(id);
  }

  /**
   * Asks without an offset next time. After a week of silence Telegram chooses the next id at random (Bot API,
   * "update_id"), which may be lower than our offset and would be forgotten unread.
   */
  forgetOffset(): void {
    if (!this.hasOpen()) this.#next = undefined;
  }

  #lowestOpen(): number | undefined {
    let lowest: number | undefined;
    for (const [id, state] of this.#states)
      if (state !== 'done' && (lowest === undefined || id < lowest)) lowest = id;
    return lowest;
  }
}
