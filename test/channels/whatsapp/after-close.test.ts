import { describe, expect, it } from 'vitest';
import { afterClose } from '../../../src/channels/whatsapp/after-close.ts';
import { minutes } from '../../../src/kernel/time.ts';

describe('when the socket to WhatsApp has closed', () => {
  it('opens a new one at once when WhatsApp asks for it, as after linking', () => {
    expect(afterClose(515, 1, 0.5)).toEqual({ do: 'reconnect', afterMs: 0 });
    expect(afterClose(515, 9, 1)).toEqual({ do: 'reconnect', afterMs: 0 });
  });

  it.each([
    [401, 'logged_out'],
    [411, 'logged_out'],
    [403, 'refused'],
    [402, 'refused'],
    [406, 'refused'],
    [440, 'replaced'],
    [405, 'outdated'],
  ])('stops and leaves it to people at %i', (code, because) => {
    expect(afterClose(code, 1, 0.5)).toEqual({ do: 'stop', because });
  });

  it.each([408, 428, 500, 503, 999, undefined])(
    'comes back by itself after %s, later each time, never too late',
    (code) => {
      const waits = Array.from({ length: 30 }, (_, n) => afterClose(code, n + 1, 1));
      expect(waits.slice(0, 4)).toEqual(
        [1_000, 2_000, 4_000, 8_000].map((afterMs) => ({ do: 'reconnect', afterMs })),
      );
      expect(waits.at(-1)).toEqual({ do: 'reconnect', afterMs: minutes(2) });
    },
  );

  it('leaves half of the wait to chance', () => {
    expect(afterClose(503, 4, 0)).toEqual({ do: 'reconnect', afterMs: 4_000 });
    expect(afterClose(503, 4, 0.5)).toEqual({ do: 'reconnect', afterMs: 6_000 });
  });
});
