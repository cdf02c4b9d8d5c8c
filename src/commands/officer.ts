import type { Command } from 'commander';
import {
  addOfficer,
  type ListedOfficer,
  listOfficers,
  newCodeFor,
  removeOfficer,
} from '../app/duty/officers.ts';
import { LakanaError } from '../kernel/errors.ts';
import { peopleCalled } from '../kernel/fold.ts';
import { calendarDay, clockTime } from '../kernel/time.ts';
import { TOOL } from '../kernel/tool.ts';
import { OFFICER_ROLES } from '../kernel/vocabulary.ts';
import { addCommand, type Result, table } from './command.ts';
import { type Server, withServer } from './server.ts';

/** `officer add | list | code | remove`; returns `officer`, for what else belongs to it. */
export function addOfficerCommands(program: Command): Command {
  const officer = program.command('officer').description('people who are paged');
  addCommand(officer, 'add', 'add an officer; prints the code by which they enrol', newOfficer)
    .requiredOption('--name <name>', 'kept encrypted; colleagues see the first word')
    .option('--role <role>', 'officer or supervisor', 'officer')
    .option('--language <language>', 'language of their messages until they choose');
  addCommand(officer, 'list', 'everybody who was added and not removed', () => withServer(list));
  addCommand(officer, 'code <officer>', 'a new code, for a lost one or a second phone', code);
  addCommand(officer, 'remove <officer>', 'by name or id: nothing is sent to them any more', remove);
  return officer;
}

type AddOptions = { name: string; role: string; language?: string };

/** Adds an officer; its result has the code by which they enrol. */
export function newOfficer({ name, role, language }: AddOptions): Promise<Result> {
  const wanted = OFFICER_ROLES.find((each) => each === role);
  if (!wanted) throw new LakanaError('bad_role', `--role is ${OFFICER_ROLES.join(' or ')}`);
  if (name.trim() === '') throw new LakanaError('bad_name', '--name is empty: give the name colleagues know');
  return withServer(async (server) => {
    const { config, transact } = server;
    const spoken = language ?? config.defaultLanguage;
    if (!config.languages.includes(spoken))
      throw new LakanaError('bad_language', `--language is one of ${config.languages.join(', ')}`);
    const made = await transact((at) =>
      addOfficer(at, { name: name.trim(), role: wanted, language: spoken }),
    );
    return codeResult(server, made);
  });
}

function code(_options: object, who = ''): Promise<Result> {
  return withServer(async (server) => {
    const { id } = await findOne(server, who);
    return codeResult(server, await server.transact((at) => newCodeFor(at, id)));
  });
}

async function codeResult(
  { config }: Server,
  made: { code: string; expiresAt: Date; officerId: string },
): Promise<Result> {
  const asked = config.messengers.map(({ messenger, own }) => messenger.link?.(own, made.code));
  const found = (await Promise.all(asked)).filter((each) => each !== undefined);
  const links = found.flatMap((each) => (each.ok ? [each.link] : []));
  const until = `${calendarDay(made.expiresAt, config.timeZone)} ${clockTime(made.expiresAt, config.timeZone)}`;
  const lines = [
    `Code: ${made.code}   (works once, until ${until})`,
    ...(links.length > 0 ? links.map((link) => `Link: ${link}`) : [`Send to the bot: /start ${made.code}`]),
    'Hand it over in person or by voice: whoever has it becomes this officer. Written to the bot in any way it enrols,',
    'alone or in a sentence; not as a voice note.',
  ];
  for (const each of found) if (!each.ok) lines.push(`! ${each.problem}`);
  return {
    text: lines.join('\n'),
    json: {
      code: made.code,
      link: links[0] ?? null,
      expiresAt: made.expiresAt.toISOString(),
      id: made.officerId,
    },
  };
}

async function list({ database, keyring, now }: Server): Promise<Result> {
  const officers = await listOfficers(database.db, { keyring }, now);
  const rows = officers.map((each) => [
    each.name,
    each.role,
    each.state,
    each.state === 'enrolled' ? (each.isOnDuty ? 'on duty' : 'off duty') : '-',
    each.channels.join(', ') || '-',
    each.id,
  ]);
  return {
    text: rows.length > 0 ? table(rows) : `Nobody yet. Add one: ${TOOL} officer add --name …`,
    json: { officers },
  };
}

function remove(_options: object, who = ''): Promise<Result> {
  return withServer(async (server) => {
    const officer = await findOne(server, who);
    const { database, transact } = server;
    const removed = await transact((at) => removeOfficer(at, officer.id));
    // The running service looks at the alerts they had taken at once.
    await database.notify('lakana_wake');
    await database.notify('lakana_list');
    return {
      text: `${officer.name} is removed and gets no more messages.`,
      json: { removed, id: officer.id },
    };
  });
}

/** An officer by name, by first name if only one has it, or by the beginning of their id, or a `LakanaError`. */
export async function findOne({ database, keyring, now }: Server, who: string): Promise<ListedOfficer> {
  const wanted = who.trim().toLowerCase();
  const officers = await listOfficers(database.db, { keyring }, now);
  const byId = officers.filter((each) => wanted.length >= 4 && each.id.startsWith(wanted));
  const found = [...new Set([...byId, ...peopleCalled(officers, who)])];
  const [one] = found;
  if (!one) throw new LakanaError('no_such_officer', `nobody has this name or id: see ${TOOL} officer list`);
  if (found.length > 1)
    throw new LakanaError(
      'many_officers',
      `several people have this name: give the id from ${TOOL} officer list`,
    );
  return one;
}
