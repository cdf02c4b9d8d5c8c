/** What those who watch from outside are told of alerts: how long one waits for its page, and for a taker. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { escalateDue } from '../../src/app/alerts/escalate.ts';
import { measure } from '../../src/app/watch/measuring.ts';
import { type DutyRoom, openDutyRoom } from './alerts/duty-room.ts';

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

/** Lines of `/metrics` about alerts that are not zero. */
async function measured(): Promise<string[]> {
  const now = room.clock.at();
  await measure(room.ctx, new Date(now.getTime() - 10_000), now);
  const text = await room.ctx.metrics.registry.metrics();
  return text
    .split('\n')
    .filter((line) => /^lakana_(alerts_|sos_to_page_seconds_(count|sum))/.test(line) && !line.endsWith(' 0'));
}

describe('an alert', () => {
  test('counts as long as no officer has taken it, and from the cry for help to the page that left; a quiet one does not', async () => {
    const kadi = await room.enrol('Kadi');
    await room.raise('medium');
    expect(await measured()).toEqual([]);
    const { reference } = await room.raise('critical');
    await escalateDue(room.ctx);
    room.clock.advance(4_000);
    expect(await measured()).toEqual([
      'lakana_alerts_untaken{level="critical"} 1',
      'lakana_alerts_untaken_seconds{level="critical"} 4',
      'lakana_alerts_unpaged_seconds{level="critical"} 4',
    ]);
    await room.deliver();
    expect(await measured()).toEqual([
      'lakana_alerts_untaken{level="critical"} 1',
      'lakana_alerts_untaken_seconds{level="critical"} 4',
      'lakana_sos_to_page_seconds_sum 4',
      'lakana_sos_to_page_seconds_count 1',
    ]);
    await room.say(kadi, `o:take:${reference}`);
    room.clock.advance(20_000);
    expect((await measured()).filter((line) => line.includes('alerts_'))).toEqual([]);
  });
});

describe('backups', () => {
  async function age(): Promise<string[]> {
    await measure(room.ctx, room.clock.at(), room.clock.at());
    const text = await room.ctx.metrics.registry.metrics();
    return text.split('\n').filter((line) => /^lakana_backup_age_seconds/.test(line));
  }

  test('are as old as what the newest holds; one that is wanted and was never made grows old too; where none is wanted there is no age', async () => {
    const { sql } = room.database;
    const now = room.clock.at();
    const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
    expect(await age()).toEqual([]);
    await sql`insert into backup_notes (what, at) values ('since', ${ago(60)})`;
    expect(await age()).toEqual(['lakana_backup_age_seconds 60']);
    for (const seconds of [90_000, 30])
      await sql`insert into backups (name, as_of, made_at, bytes, rows, hash, rehearsed)
        values (${`b${seconds}`}, ${ago(seconds)}, ${now}, 1, 1, '\\x00', 'same')`;
    expect(await age()).toEqual(['lakana_backup_age_seconds 30']);
    room.clock.advance(3_600_000);
    expect(await age()).toEqual(['lakana_backup_age_seconds 3630']);
  });
});
