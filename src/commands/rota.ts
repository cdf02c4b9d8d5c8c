import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { rotasAt } from '../alerts/plan.ts';
import { type PlanKnows, readPlan, writePlan } from '../alerts/plan-file.ts';
import { shiftsOf } from '../alerts/rota.ts';
import { type Duty, LOOK_AHEAD, loadDuty, loadExclusions, storePlan } from '../app/duty/duty-plan.ts';
import { gapsBetween, namesOfMembers, namesOfOfficers } from '../app/duty/plan-keeping.ts';
import { LakanaError } from '../kernel/errors.ts';
import type { OfficerId } from '../kernel/ids.ts';
import { after, days } from '../kernel/time.ts';
import { TOOL } from '../kernel/tool.ts';
import { projectFlows } from '../service/own-content.ts';
import { addCommand, type Result, table } from './command.ts';
import { addCoverCommands } from './rota-cover.ts';
import { gapLine, type Names, nameOf, shiftRow, when } from './rota-texts.ts';
import { type Server, withServer } from './server.ts';

/** `rota show | preview | gaps | apply | cover`. */
export function addRotaCommands(program: Command): void {
  const rota = program.command('rota').description('who is on call when, and whom an alert goes to');
  addCommand(rota, 'show', 'who is on call now, on each rota', show).option(
    '--yaml',
    'the plan as a file to change',
  );
  addCommand(rota, 'preview', 'shifts to come, of the plan in use or of a file', preview)
    .option('--days <days>', 'how far', '14')
    .option('--file <plan>', 'a plan that is not in use yet');
  addCommand(rota, 'gaps', 'times and steps without anybody; exit code 1 if there are any', gaps).option(
    '--days <days>',
    'how far',
    '14',
  );
  addCommand(rota, 'apply <plan>', 'checks a plan file and puts it in use', apply);
  addCoverCommands(rota);
}

function show({ yaml }: { yaml?: boolean }): Promise<Result> {
  return withServer(async (server) => {
    const { database, now } = server;
    const names = await namesOfOfficers(database.db, server);
    const duty = await loadDuty(database.db, server, now, after(now, LOOK_AHEAD));
    if (yaml) {
      const exclusions = await loadExclusions(database.db, server);
      const everybody = new Map<string, string>([...names, ...(await namesOfMembers(database.db, server))]);
      const text = writePlan(duty.plan, exclusions, everybody);
      return { text, json: { plan: duty.plan, exclusions } };
    }
    if (duty.plan.rotas.length === 0)
      return {
        text: `No rota: whoever says so is on duty. Write a plan (docs/on-call.md), then: ${TOOL} rota apply plan.yaml`,
        json: { rotas: [] },
      };
    const rotas = duty.plan.rotas.map((rota) => {
      const [shift, next] = shiftsOf(rota, duty.covers, now, after(now, LOOK_AHEAD));
      return { rota, shift, next };
    });
    const rows = rotas.map(({ rota, shift, next }) => [
      rota.name,
      shift?.officers.map((id) => nameOf(names, id)).join(', ') || 'nobody',
      shift ? `until ${when(shift.end, rota.timeZone)} (${rota.timeZone})` : '',
      next ? `then ${next.officers.map((id) => nameOf(names, id)).join(', ') || 'nobody'}` : '',
    ]);
    const json = rotas.map(({ rota, shift }) => ({
      rota: rota.name,
      officers: shift?.officers.map((id) => ({ id, name: nameOf(names, id) })) ?? [],
      until: shift?.end.toISOString() ?? null,
    }));
    return { text: table(rows), json: { rotas: json, at: now.toISOString() } };
  });
}

function preview(options: { days: string; file?: string }): Promise<Result> {
  return withServer(async (server) => {
    const range = rangeOf(server.now, options.days);
    const duty = await dutyOf(server, range, options.file);
    const names = await namesOfOfficers(server.database.db, server);
    const texts: string[] = [];
    const json: object[] = [];
    for (const rota of duty.plan.rotas) {
      const shifts = shiftsOf(rota, duty.covers, range.from, range.to);
      texts.push(
        `${rota.name} (${rota.timeZone})\n${table(shifts.map((each) => shiftRow(each, rota.timeZone, names)))}`,
      );
      json.push({ rota: rota.name, shifts });
    }
    const problems = await gapsBetween(server.database.db, server, range, duty);
    const lines = problems.map((gap) => `! ${gapLine(gap, server.config.timeZone, names)}`);
    return {
      text: [...(texts.length > 0 ? texts : ['No rota in this plan.\n']), ...lines].join('\n'),
      json: { rotas: json, gaps: problems },
    };
  });
}

function gaps(options: { days: string }): Promise<Result> {
  return withServer(async (server) => {
    const found = await gapsBetween(server.database.db, server, rangeOf(server.now, options.days));
    const names = await namesOfOfficers(server.database.db, server);
    return {
      text:
        found.length > 0
          ? found.map((gap) => gapLine(gap, server.config.timeZone, names)).join('\n')
          : `No gap in the next ${options.days} days.`,
      json: { gaps: found },
      exitCode: found.length > 0 ? 1 : 0,
    };
  });
}

function apply(_options: object, file = ''): Promise<Result> {
  return withServer(async (server) => {
    const { database, now, transact } = server;
    const text = await readFile(file, 'utf8');
    const read = readPlan(text, await knowsOf(server));
    if (!read.ok)
      throw new LakanaError('bad_plan', `${file} is not in use:\n  ${read.problems.join('\n  ')}`);
    const before = await loadDuty(database.db, server, now, after(now, LOOK_AHEAD));
    await transact((at) => storePlan(at, read.plan, read.exclusions));
    await database.notify('lakana_wake');
    await database.notify('lakana_list');
    const names = await namesOfOfficers(database.db, server);
    const duty = { plan: read.plan, covers: before.covers };
    const range = rangeOf(now, '14');
    const found = await gapsBetween(database.db, server, range, duty);
    const lost = before.covers.filter((cover) => !read.plan.rotas.some(({ name }) => name === cover.rota));
    const lines = [
      `The plan is in use: ${count(read.plan.rotas, 'rota')}, ${count(read.plan.policies, 'policy', 'policies')}, ${count(read.exclusions, 'exclusion')}.`,
      ...changes(before, duty, now, names),
      ...lost.map(
        (cover) => `! A cover of ${nameOf(names, cover.officerId)} is on rota ${cover.rota}, which is gone.`,
      ),
      ...found.map((gap) => `! ${gapLine(gap, server.config.timeZone, names)}`),
    ];
    return { text: lines.join('\n'), json: { rotas: read.plan.rotas.length, gaps: found } };
  });
}

const count = (list: readonly unknown[], one: string, many = `${one}s`): string =>
  `${list.length} ${list.length === 1 ? one : many}`;

/** Officers who are on call now and were not, and those who no longer are. */
function changes(before: Duty, later: Duty, now: Date, names: Names): string[] {
  const [was, is] = [before, later].map(({ plan, covers }) => new Set(rotasAt(plan, covers, now).keys()));
  const named = (ids: readonly OfficerId[]) => ids.map((id) => nameOf(names, id)).join(', ');
  const come = [...(is ?? [])].filter((id) => !was?.has(id));
  const gone = [...(was ?? [])].filter((id) => !is?.has(id));
  return [
    ...(come.length > 0 ? [`On call from now: ${named(come)}`] : []),
    ...(gone.length > 0 ? [`No longer on call: ${named(gone)}`] : []),
  ];
}

async function dutyOf(server: Server, range: { from: Date; to: Date }, file?: string): Promise<Duty> {
  const inUse = await loadDuty(server.database.db, server, range.from, range.to);
  if (file === undefined) return inUse;
  const read = readPlan(await readFile(file, 'utf8'), await knowsOf(server));
  if (!read.ok) throw new LakanaError('bad_plan', `${file}:\n  ${read.problems.join('\n  ')}`);
  return { plan: read.plan, covers: inUse.covers };
}

/** Names and codes that a plan file may use. */
async function knowsOf(server: Server): Promise<PlanKnows> {
  const { lists } = (await projectFlows()).flows;
  const codes = (name: string) => Object.keys(lists.get(name)?.entries ?? {});
  const names = await namesOfOfficers(server.database.db, server);
  return {
    officers: [...names].map(([id, name]) => ({ id, name })),
    members: [...(await namesOfMembers(server.database.db, server))].map(([id, name]) => ({ id, name })),
    regions: codes('regions'),
    perpetrators: [...codes('perpetrators'), ...codes('perpetrator_groups')],
    languages: server.config.languages,
    timeZone: server.config.timeZone,
  };
}

function rangeOf(now: Date, text: string): { from: Date; to: Date } {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1 || n > 731)
    throw new LakanaError('bad_days', '--days is a number from 1 to 731');
  return { from: now, to: after(now, days(n)) };
}
