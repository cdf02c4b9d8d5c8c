import type { Command } from 'commander';
import { type Revoked, revokeContact } from '../app/decisions/contact-revoking.ts';
import type { ContactState } from '../app/duty/contact-state.ts';
import {
  addContact,
  DELAYS,
  listContacts,
  orderContacts,
  testContact,
  verifyContact,
} from '../app/duty/officer-contacts.ts';
import { listOfficers } from '../app/duty/officers.ts';
import { readSixDigits } from '../app/officer-chat/typed-commands.ts';
import { updateOfficerContact } from '../db/officers.ts';
import { LakanaError } from '../kernel/errors.ts';
import { TOOL } from '../kernel/tool.ts';
import { WAYS, type Way } from '../kernel/vocabulary.ts';
import { addCommand, type Result, table } from './command.ts';
import { withOffice } from './office.ts';
import { findOne } from './officer.ts';

/** `officer contact add | verify | list | first | delay | test | revoke`: how an officer is reached. */
export function addOfficerContactCommands(officer: Command): void {
  const contact = officer.command('contact').description('how an officer is reached');
  const adding = addCommand(
    contact,
    'add <officer>',
    'sends a code there; the officer types it in their chat',
    add,
  );
  adding
    .option('--email <address>')
    .option('--sms <number>')
    .option('--call <number>')
    .option('--ntfy [topic]', 'without a topic one is made')
    .option('--webhook <url>', 'a program of the office; prints its secret once');
  addCommand(contact, 'verify <officer> <code>', 'the code that came there, told to you', verify);
  addCommand(contact, 'list <officer>', 'in order, addresses masked', list);
  addCommand(contact, 'first <officer> <contact>', 'is paged at once; the others follow', first);
  addCommand(
    contact,
    'delay <officer> <contact> <seconds>',
    `after the first one: ${DELAYS.join(', ')}`,
    delay,
  );
  addCommand(contact, 'test <officer> <contact>', 'sends a try there: it rings as a page does', test);
  addCommand(
    contact,
    'revoke <officer> <contact>',
    'a phone was lost or seized: nothing goes there any more',
    revoke,
  );
}

type AddOptions = { [way in Way]?: string | true };

function add(options: AddOptions, who = ''): Promise<Result> {
  const given = WAYS.filter((way) => options[way] !== undefined);
  const [way] = given;
  if (!way || given.length > 1)
    throw new LakanaError('which_way', `give one of ${WAYS.map((each) => `--${each}`).join(', ')}`);
  const text = options[way];
  return withOffice(async ({ server, transact }) => {
    const officer = await findOne(server, who);
    const to = { officerId: officer.id, language: officer.language };
    const added = await transact((at) =>
      addContact(at, to, way, typeof text === 'string' ? text : undefined),
    );
    if (!added.ok) throw new LakanaError(added.reason, WHY_NOT[added.reason](way));
    const secret = way === 'webhook' ? (JSON.parse(added.address) as { secret: string }).secret : undefined;
    const lines = [
      `A code is on its way to ${officer.name} (${way}). They type it in their chat within 30 minutes.`,
      ...(way === 'ntfy' ? [`Topic to subscribe to: ${added.address}`] : []),
      ...(secret ? [`Secret of the receiver, shown once: ${secret}`] : []),
    ];
    const json = { contactId: added.contactId, ...(secret ? { secret } : {}) };
    return { text: lines.join('\n'), json: way === 'ntfy' ? { ...json, topic: added.address } : json };
  });
}

const WHY_NOT = {
  bad_address: (way: Way) =>
    `--${way}: this cannot be an address; numbers like +22370000000, URLs with https`,
  not_set: (way: Way) => `${way} is not set up: see docs/contacts.md for its settings`,
  taken: () => 'this address is enrolled already',
  too_many: () => 'ten codes were sent to this officer today: try again tomorrow',
} as const;

function verify(_options: object, who = '', code = ''): Promise<Result> {
  return withOffice(async ({ server, transact }) => {
    const officer = await findOne(server, who);
    const verified = await transact((at) =>
      verifyContact(at, officer.id, readSixDigits(code) ?? code.trim()),
    );
    if (!verified.ok)
      throw new LakanaError(
        'wrong_code',
        `the code does not work, or no longer: ${TOOL} officer contact add sends another`,
      );
    return {
      text: `${officer.name} is paged there too (${verified.channel}).`,
      json: { contactId: verified.contactId },
    };
  });
}

const STATES: Readonly<Record<ContactState, string>> = {
  works: 'works',
  waiting: 'waiting',
  blocked: 'reaches nobody: blocked there, gone, or on a new phone (officer code)',
  refused: 'refused: no such address, or it takes nothing',
  cut: 'cut: nothing leaves by this way, see doctor',
  untried: 'untried for eight days: contact test',
};

function list(_options: object, who = ''): Promise<Result> {
  return withOffice(async ({ ctx, server }) => {
    const officer = await findOne(server, who);
    const contacts = await listContacts(ctx.db, ctx, new Date(), officer.id);
    const rows = contacts.map((each) => [
      each.channel,
      each.address || '-',
      each.delaySeconds === 0 ? 'at once' : `after ${each.delaySeconds} s`,
      STATES[each.state],
      each.contactId,
    ]);
    return {
      text: rows.length > 0 ? table(rows) : `${officer.name} has no contact yet.`,
      json: { contacts },
    };
  });
}

function first(_options: object, who = '', contact = ''): Promise<Result> {
  return onContact(who, contact, async ({ transact }, officerId, contactId) => {
    await transact(({ tx }) => orderContacts(tx, officerId, [contactId]));
    return 'is paged first from now on';
  });
}

function delay(_options: object, who = '', contact = '', text = ''): Promise<Result> {
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 600)
    throw new LakanaError('bad_delay', 'give seconds from 0 to 600');
  return onContact(who, contact, async ({ transact }, _officerId, contactId) => {
    await transact(({ tx }) => updateOfficerContact(tx, contactId, { delaySeconds: seconds }));
    return `is paged ${seconds === 0 ? 'at once' : `${seconds} s after the first one`}`;
  });
}

function test(_options: object, who = '', contact = ''): Promise<Result> {
  return onContact(who, contact, async ({ ctx, server, transact }, officerId, contactId) => {
    const officer = (await listOfficers(server.database.db, ctx)).find((each) => each.id === officerId);
    const language = officer?.language ?? ctx.settings.defaultLanguage;
    await transact((at) => testContact(at, { contactId, language }));
    return 'is sent a try';
  });
}

const NOT_REVOKED: Readonly<Record<Extract<Revoked, { ok: false }>['reason'], string>> = {
  no_such: `this contact is no longer theirs: see ${TOOL} officer contact list`,
  last_one: `no other chat of theirs works, and alerts are taken in a chat: enrol another one first, or ${TOOL} officer remove`,
};

function revoke(_options: object, who = '', contact = ''): Promise<Result> {
  return onContact(who, contact, async ({ transact }, _officerId, contactId) => {
    const revoked = await transact((at) => revokeContact(at, contactId));
    if (!revoked.ok) throw new LakanaError(revoked.reason, NOT_REVOKED[revoked.reason]);
    return 'is reached there no longer; what it held rings with others';
  });
}

type Office = Parameters<Parameters<typeof withOffice>[0]>[0];

/** Does something with one contact of one officer, by the beginning of its id or by its channel if there is one only. */
function onContact(
  who: string,
  contact: string,
  work: (
    office: Office,
    officerId: Awaited<ReturnType<typeof findOne>>['id'],
    contactId: Awaited<ReturnType<typeof listContacts>>[number]['contactId'],
  ) => Promise<string>,
): Promise<Result> {
  return withOffice(async (office) => {
    const officer = await findOne(office.server, who);
    const all = await listContacts(office.ctx.db, office.ctx, new Date(), officer.id);
    const fitting = all.filter(
      (each) => each.channel === contact || (contact.length >= 4 && each.contactId.startsWith(contact)),
    );
    const [one] = fitting;
    if (!one || fitting.length > 1)
      throw new LakanaError('which_contact', `give the id of one contact: see ${TOOL} officer contact list`);
    const said = await work(office, officer.id, one.contactId);
    return { text: `${officer.name} ${said} (${one.channel}).`, json: { contactId: one.contactId } };
  });
}
