/** What goes wrong on purpose, as data. */
import type { Json } from './wire.ts';

export type Fault = {
  /** Wire name of the method; `*` is every one. */
  method: string;
  /** How often; default once. `Infinity` until `clear()`. */
  times?: number;
  /**
   * A number is that error as the Bot API words it (429 carries `retry_after`). `html` is a 502 page of a
   * proxy, `portal` the 200 page of a network that wants a login, `garbage` half an answer. `hang` never answers. `drop` hangs up before anything is done; `accept_then_drop` does it, then
   * hangs up: the caller cannot know.
   */
  with: number | 'html' | 'portal' | 'garbage' | 'hang' | 'drop' | 'accept_then_drop';
  /** Only calls to this chat. */
  chat?: number;
  /** Seconds told with a 429; default 1. */
  retryAfter?: number;
  /** Other words for the error. */
  description?: string;
};

const WORDS: Record<number, string> = {
  400: 'Bad Request: something',
  401: 'Unauthorized',
  403: 'Forbidden: bot was blocked by the user',
  404: 'Not Found',
  409: 'Conflict: terminated by other getUpdates request',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
};

export class Faults {
  #list: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#list.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#list = [];
  }

  /** The fault that hits this call, used up by one. */
  strike(method: string, params: Json): Fault | undefined {
    const found = this.#list.find(
      ({ fault, left }) =>
        left > 0 &&
        (fault.method === '*' || fault.method.toLowerCase() === method.toLowerCase()) &&
        (fault.chat === undefined || String(fault.chat) === String(params.chat_id)),
    );
    if (!found) return undefined;
    found.left -= 1;
    return found.fault;
  }
}

/** The body of an error answer. */
export function errorBody(code: number, fault: Pick<Fault, 'retryAfter' | 'description'> = {}): Json {
  if (code === 429) {
    const seconds = fault.retryAfter ?? 1;
    const description = fault.description ?? `Too Many Requests: retry after ${seconds}`;
    return { ok: false, error_code: 429, description, parameters: { retry_after: seconds } };
  }
  return { ok: false, error_code: code, description: fault.description ?? WORDS[code] ?? `Error ${code}` };
}
