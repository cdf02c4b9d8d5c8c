import type { Command } from 'commander';
import { Temporal } from 'temporal-polyfill';
import type { Plan } from '../alerts/plan.ts';
import type { Rota } from '../alerts/rota.ts';
import { loadDuty } from '../app/duty/duty-plan.ts';
import { addCover, namesOfOfficers } from '../app/duty/plan-keeping.ts';
import { removeCover } from '../db/duty-plans.ts';
import { LakanaError } from '../kernel/errors.ts';
import { fold } from '../kernel/fold.ts';
import type { CoverId } from '../kernel/ids.ts';
import { after, days } from '../kernel/time.ts';
import { TOOL } from '../kernel/tool.ts';
import { addCommand, type Result, table } from './command.ts';
import { findOne } from './officer.ts';
import { nameOf, when } from './rota-texts.ts';
import { type Server, withServer } from './server.ts';

/** `rota cover add | list | remove`: temporary changes to who is on call. */
export function addCoverCommands(rota: Command): void {
  const cover = rota.command('cover').description('an officer takes a shift, or part of it');
  addCommand(cover, 'add', 'times on the rota’s clock, like 2026-12-24T18:00', add)
    .requiredOption('--who <officer>', 'who comes, by name or id')
    .option('--instead-of <officer>', 'in whose place; without it: besides whoever is on call')
    .option('--rota <rota>', 'may be left out if there is one only')
    .requiredOption('--from <time>', 'beginning')
    .requiredOption('--to <time>', 'end');
  addCommand(cover, 'list', 'covers now and to come', () => withServer(list));
  addCommand(cover, 'remove <cover>', 'by the id that list shows', remove);
}

const AHEAD = days(366);

type AddOptions = { who: string; insteadOf?: string; rota?: string; from: string; to: string };

function add(options: AddOptions): Promise<Result> {
  return withServer(async (server) => {
    const { database, now } = server;
    const { plan } = await loadDuty(database.db, server, now, after(now, AHEAD));
    const [only] = plan.rotas;
    if (options.rota === undefined && plan.rotas.length !== 1)
      throw new LakanaError('which_rota', `--rota is missing: say on which rota (${TOOL} rota show)`);
    const rota = options.rota === undefined && only ? only : rotaOf(plan, options.rota ?? '');
    const startsAt = localTime('--from', options.from, rota.timeZone);
    const endsAt = localTime('--to', options.to, rota.timeZone);
    if (endsAt <= startsAt)
      throw new LakanaError('bad_time', '--to is not after --from: give the end of the cover');
    if (endsAt <= now) throw new LakanaError('bad_time', '--to is past: nothing would change');
    const who = await findOne(server, options.who);
    const instead = options.insteadOf === undefined ? undefined : await findOne(server, options.insteadOf);
    const cover = {
      rota,
      officerId: who.id,
      ...(instead ? { insteadOf: instead.id } : {}),
      startsAt,
      endsAt,
    };
    const id = await server.transact((at) => addCover(at, cover));
    const place = instead ? `in place of ${instead.name}` : 'besides whoever is on call';
    const time = `${when(startsAt, rota.timeZone)} - ${when(endsAt, rota.timeZone)}`;
    return { text: `${who.name} is on call on ${rota.name}, ${place}: ${time}`, json: { id } };
  });
}

async function list(server: Server): Promise<Result> {
  const { database, now, config } = server;
  const { plan, covers } = await loadDuty(database.db, server, now, after(now, AHEAD));
  const names = await namesOfOfficers(database.db, server);
  const zone = (rota: string) => plan.rotas.find(({ name }) => name === rota)?.timeZone ?? config.timeZone;
  const rows = covers.map((cover) => [
    when(cover.startsAt, zone(cover.rota)),
    '-',
    when(cover.endsAt, zone(cover.rota)),
    cover.rota,
    nameOf(names, cover.officerId),
    cover.insteadOf ? `in place of ${nameOf(names, cover.insteadOf)}` : 'besides',
    cover.id,
  ]);
  return { text: rows.length > 0 ? table(rows) : 'No cover now or to come.', json: { covers } };
}

function remove(_options: object, id = ''): Promise<Result> {
  return withServer(async ({ transact }) => {
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
    const removed = isId && (await transact(({ tx, now }) => removeCover(tx, now, id as CoverId)));
    if (!removed) throw new LakanaError('no_such_cover', `no cover has this id: see ${TOOL} rota cover list`);
    return { text: 'The cover is taken back.', json: { removed } };
  });
}

/** A time on the wall of a rota as an instant. */
function localTime(option: string, text: string, timeZone: string): Date {
  try {
    const plain = Temporal.PlainDateTime.from(text.trim().replace(' ', 'T'));
    return new Date(plain.toZonedDateTime(timeZone).epochMilliseconds);
  } catch {
    throw new LakanaError('bad_time', `${option}: give a time like 2026-12-24T18:00`);
  }
}

/** A rota of the plan in use by name, or a `LakanaError` that names those there are. */
function rotaOf(plan: Plan, name: string): Rota {
  const found =
    plan.rotas.find((rota) => rota.name === name) ??
    plan.rotas.find((rota) => fold(rota.name) === fold(name));
  if (found) return found;
  const there = plan.rotas.map((rota) => rota.name).join(', ') || 'none yet';
  throw new LakanaError('no_such_rota', `--rota: there is no rota ${name}; there is: ${there}`);
}
