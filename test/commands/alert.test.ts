/** The coordinator's look at alerts, with the real program on a real database. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { escalateDue } from '../../src/app/alerts/escalate.ts';
import { sentence } from '../../src/commands/alert-texts.ts';
import { type DutyRoom, openDutyRoom } from '../app/alerts/duty-room.ts';
import { operator } from './lakana.ts';

let room: DutyRoom;
let they: Awaited<ReturnType<typeof operator>>;
beforeAll(async () => {
  room = await openDutyRoom();
  they = await operator({ DATABASE_URL: room.database.url });
});
afterAll(async () => {
  await they.leaves();
  await room.close();
});

test('an exercise is begun, listed, shown with what was decided, and gone from the list when it has ended', async () => {
  const { json, code } = await they.asks('alert', 'drill');
  expect(code).toBe(0);
  room.clock.set(new Date());
  await escalateDue(room.ctx);
  const listed = await they.asks('alert', 'list');
  expect(listed.json.alerts).toMatchObject([{ reference: json.reference, isDrill: true, state: 'open' }]);
  const shown = await they.lakana('alert', 'show', json.reference);
  expect(shown.out).toContain('raised, level urgent, as an exercise');
  expect(shown.out).toContain('nobody can be paged');
  expect((await they.lakana('alert', 'show', 'NONE-0000')).err).toContain('there is no alert NONE-0000');
});

test('each thing in the log is said in a sentence', () => {
  expect(sentence({ what: 'skipped', detail: { step: 2 } }, 'x')).toBe('no one on step 2: skipped');
  expect(sentence({ what: 'page_failed', detail: { channel: 'whatsapp', reason: 'blocked' } }, 'Awa')).toBe(
    'page to Awa failed on whatsapp (blocked): trying another way',
  );
  expect(sentence({ what: 'excluded', detail: null }, 'Awa')).toBe('Awa excluded');
});
