/** What goes wrong on purpose, as data. */

/**
 * What the bot does: connects, logs in, is given what waited (any fault: it never hears that this was all), sends a
 * stanza of this tag, asks an `iq:<xmlns>`, uses the media host.
 */
type Doing =
  | 'connect'
  | 'login'
  | 'replay'
  | 'message'
  | 'receipt'
  | 'presence'
  | 'chatstate'
  | 'call'
  | 'upload'
  | 'download'
  | `iq:${string}`;

export type Fault = {
  on: Doing;
  /** How often; default once. `Infinity` until `heal()`. */
  times?: number;
  /**
   * A number refuses with that code: the HTTP status of a connection or of the media host, `<failure>` of a
   * login, the error of a message's ack (463: restricted, 479: stale), the error of an iq. `hang` never answers.
   * `drop` hangs up before anything is done; `accept_then_drop` does it, then hangs up: the bot cannot know.
   */
  with: number | 'hang' | 'drop' | 'accept_then_drop';
  /** Only what goes to this person. */
  to?: { owns: (user: string) => boolean };
};

export class Faults {
  #list: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#list.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#list = [];
  }

  /** The fault that hits this, used up by one. */
  strike(doing: string, to = ''): Fault['with'] | undefined {
    const found = this.#list.find(
      ({ fault, left }) => left > 0 && fault.on === doing && (fault.to?.owns(to) ?? true),
    );
    if (!found) return undefined;
    found.left -= 1;
    return found.fault.with;
  }
}
