import type { Command } from 'commander';
import { timeOf } from '../app/retention/time-over.ts';
import { spanText } from '../cases/retention.ts';
import { liveErasures } from '../db/erasures.ts';
import { endedCases, heldAmong } from '../db/holds.ts';
import { LakanaError } from '../kernel/errors.ts';
import { after, calendarDay, days } from '../kernel/time.ts';
import { projectFlows } from '../service/own-content.ts';
import { addCommand, type Result, table } from './command.ts';
import { noteList } from './noted-look.ts';
import { withServer } from './server.ts';

/** `retention preview`. */
export function addRetentionCommands(program: Command): void {
  const retention = program.command('retention').description('how long cases are kept once they have ended');
  addCommand(retention, 'preview', 'what would go when, and why; nothing of what was said', preview).option(
    '--days <days>',
    'how far; default: everything that has ended',
  );
}

function preview({ days: far }: { days?: string }): Promise<Result> {
  return withServer(async (server) => {
    const { db } = server.database;
    const { now, config } = server;
    await noteList(server);
    const { retention } = await projectFlows();
    const until = far === undefined ? undefined : after(now, days(daysOf(far)));
    const all = await endedCases(db);
    const held = await heldAmong(
      db,
      all.map(({ id }) => id),
    );
    const going = new Map((await liveErasures(db)).map((row) => [row.caseId, row]));
    const cases = all.flatMap((row) => {
      const time = timeOf({ retention }, row);
      if (!time || !row.closedAt || (until && time.case > until)) return [];
      return [
        {
          reference: row.reference,
          status: row.status,
          reason: row.statusReason,
          level: row.level,
          endedAt: row.closedAt.toISOString(),
          rule: time.rule.id,
          keep: spanText(time.rule.keep.case),
          why: time.rule.why,
          overAt: time.case.toISOString(),
          held: held.get(row.id)?.because ?? null,
          goesAt: going.get(row.id)?.dueAt?.toISOString() ?? null,
        },
      ];
    });
    cases.sort((a, b) => a.overAt.localeCompare(b.overAt));
    const day = (at: string) => calendarDay(new Date(at), config.timeZone);
    const rows = cases.map((each) => [
      each.reference ?? '-',
      each.reason ? `${each.status} (${each.reason})` : each.status,
      each.level,
      `ended ${day(each.endedAt)}`,
      `kept ${each.keep}, until ${day(each.overAt)}`,
      fateOf(each, now, day),
      each.rule,
    ]);
    const whys = retention.rules.map(({ id, why }) => `${id}: ${why}`);
    const text = rows.length > 0 ? `${table(rows)}\n${whys.join('\n')}` : 'No case that has ended.';
    return { text, json: { cases } };
  });
}

function fateOf(
  { held, goesAt, overAt }: { held: string | null; goesAt: string | null; overAt: string },
  now: Date,
  day: (at: string) => string,
): string {
  if (held) return `HELD (${held})`;
  if (goesAt) return `goes ${day(goesAt)}`;
  return new Date(overAt) <= now ? 'told in the next night, goes a week later' : '';
}

function daysOf(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 0 || n > 36_500)
    throw new LakanaError('bad_days', '--days is a number of days');
  return n;
}
