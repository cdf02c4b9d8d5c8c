import type { Command } from 'commander';
import { raiseDrill } from '../app/alerts/drill.ts';
import { namesOfOfficers } from '../app/duty/plan-keeping.ts';
import { parseReference } from '../cases/reference.ts';
import {
  type AlertRow,
  drillTimes,
  findAlertByReference,
  latestAlerts,
  listOpenAlerts,
  logOf,
} from '../db/alerts.ts';
import type { Db } from '../db/database.ts';
import { pagesSent, pagesWithFate } from '../db/pages.ts';
import { LakanaError } from '../kernel/errors.ts';
import type { OfficerId } from '../kernel/ids.ts';
import { calendarDay, clockTime, minutes, seconds } from '../kernel/time.ts';
import { TOOL } from '../kernel/tool.ts';
import { ALERT_LEVELS, demandsAlert } from '../kernel/vocabulary.ts';
import { fateText, SOMEBODY, sentence } from './alert-texts.ts';
import { addCommand, type Result, table } from './command.ts';
import { noteList, noteLook } from './noted-look.ts';
import { withOffice } from './office.ts';
import { nameOf } from './rota-texts.ts';
import { type Server, withServer } from './server.ts';

/** `alert list | show | drill`. */
export function addAlertCommands(program: Command): void {
  const alert = program.command('alert').description('who has which alert, and what was decided about it');
  addCommand(alert, 'list', 'alerts that are not closed', list).option(
    '--all',
    'the last hundred, closed ones too',
  );
  addCommand(alert, 'show <reference>', 'everything that was decided, and what became of each page', show);
  addCommand(alert, 'drill', 'an exercise: pages for real, and says that it is one', exercise)
    .option('--level <level>', ALERT_LEVELS.join(' or '), 'urgent')
    .option('--wait', 'until it has ended, and say how long it took');
}

const LISTED = 100;

function list({ all }: { all?: boolean }): Promise<Result> {
  return withServer(async (server) => {
    const { database, now } = server;
    await noteList(server);
    const rows = all ? await latestAlerts(database.db, LISTED) : await listOpenAlerts(database.db);
    const names = await namesOfOfficers(database.db, server);
    const alerts = [];
    for (const row of rows) {
      const { officers } = await pagesSent(database.db, row.id);
      alerts.push({
        reference: row.reference,
        level: row.level,
        isDrill: row.isDrill,
        state: row.state,
        ageMinutes: Math.round((now.getTime() - row.raisedAt.getTime()) / minutes(1)),
        takenBy: row.takenBy ? nameOf(names, row.takenBy) : null,
        officersPaged: officers,
        nextStepAt: row.nextStepAt?.toISOString() ?? null,
        outcome: row.outcome,
      });
    }
    const lines = alerts.map((each, n) => [
      each.reference,
      each.isDrill ? `exercise (${each.level})` : each.level,
      each.state === 'taken' ? `taken by ${each.takenBy}` : each.state,
      `${each.ageMinutes} min`,
      `${each.officersPaged} paged`,
      rows[n]?.nextStepAt ? `next step ${said(server, rows[n].nextStepAt)}` : (each.outcome ?? ''),
    ]);
    return { text: lines.length > 0 ? table(lines) : 'No open alert.', json: { alerts } };
  });
}

function show(_options: object, reference = ''): Promise<Result> {
  return withServer(async (server) => {
    const { db } = server.database;
    const row = await findAlertByReference(db, parseReference(reference) ?? reference);
    if (!row)
      throw new LakanaError('no_such_alert', `there is no alert ${reference}: see ${TOOL} alert list --all`);
    await noteLook(server, 'alert_shown', row.caseId);
    const names = await namesOfOfficers(db, server);
    const who = (id: OfficerId | null) => (id ? nameOf(names, id) : SOMEBODY);
    const log = (await logOf(db, row.id)).map((each) => ({
      at: each.at.toISOString(),
      text: sentence(each, who(each.officerId)),
      time: said(server, each.at),
    }));
    const pages = (await pagesWithFate(db, row.id)).map((page) => ({
      officer: who(page.officerId),
      fate: fateText(page, (date) => said(server, date)),
      state: page.state,
    }));
    const head = `${row.reference}  ${row.isDrill ? 'exercise, ' : ''}${row.level}, ${row.state}`;
    const next = row.nextStepAt ? [`next step ${said(server, row.nextStepAt)}`] : [];
    const text = [
      head,
      ...log.map(({ time, text: what }) => `  ${time}  ${what}`),
      ...(pages.length > 0 ? ['pages:'] : []),
      ...pages.map(({ officer, fate }) => `  ${officer}, ${fate}`),
      ...next,
    ].join('\n');
    return {
      text,
      json: {
        reference: row.reference,
        state: row.state,
        level: row.level,
        isDrill: row.isDrill,
        log,
        pages,
      },
    };
  });
}

/** Raises an exercise; `wait`: looks on until it has ended. */
export function exercise({ level, wait }: { level: string; wait?: boolean }): Promise<Result> {
  if (!demandsAlert(level)) throw new LakanaError('bad_level', `--level is ${ALERT_LEVELS.join(' or ')}`);
  return withOffice(async ({ server, transact }) => {
    const reference = await transact((at) => raiseDrill(at, level));
    await server.database.notify('lakana_wake');
    const begun = `Exercise ${reference} is under way. ${TOOL} alert show ${reference} says how it goes.`;
    if (!wait) return { text: begun, json: { reference } };
    process.stderr.write(`${begun}\n`);
    const row = await ended(server.database.db, reference);
    return drillResult(server.database.db, row);
  });
}

const LOOK = seconds(1);
/** Longer than any policy with its repeats. */
const PATIENCE = minutes(180);

/** The service takes it from here; this only looks. */
async function ended(db: Db, reference: string): Promise<AlertRow> {
  for (let waited = 0; waited < PATIENCE; waited += LOOK) {
    const row = await findAlertByReference(db, reference);
    if (row?.state === 'closed') return row;
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
  throw new LakanaError('drill_waits', `${reference} has not ended: does the service run? ${TOOL} doctor`);
}

async function drillResult(db: Db, row: AlertRow): Promise<Result> {
  const times = await drillTimes(db, row.id);
  const after = (date: Date | null) =>
    date ? Math.round((date.getTime() - row.raisedAt.getTime()) / 100) / 10 : null;
  const json = {
    reference: row.reference,
    passed: row.outcome === 'drill_passed',
    firstPageSeconds: after(times.firstSentAt),
    deliveredSeconds: after(times.deliveredAt),
    readSeconds: after(times.readAt),
    takenSeconds: row.outcome === 'drill_passed' ? after(row.takenAt) : null,
  };
  const say = (name: string, value: number | null) => `${name}: ${value === null ? '-' : `${value} s`}`;
  const lines = [
    drillEnd(row),
    say('first page left after', json.firstPageSeconds),
    say('delivered after', json.deliveredSeconds),
    say('read after', json.readSeconds),
    say('taken after', json.takenSeconds),
  ];
  return { text: lines.join('\n'), json, exitCode: json.passed ? 0 : 1 };
}

function drillEnd({ reference, outcome }: AlertRow): string {
  if (outcome === 'drill_passed') return `Exercise ${reference} passed.`;
  if (outcome === 'drill_failed') return `Exercise ${reference} FAILED: nobody took it.`;
  return `Exercise ${reference} was called off by a supervisor: it shows nothing.`;
}

/** "2026-11-24 14:02:05" on the service's clock. */
function said({ config }: Server, at: Date): string {
  const zone = config.timeZone;
  return `${calendarDay(at, zone)} ${clockTime(at, zone)}:${String(at.getUTCSeconds()).padStart(2, '0')}`;
}
