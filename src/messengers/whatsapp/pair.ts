/**
 * `whatsapp pair`: links the number; `--standby`: a second one, which takes over when the first is cut off for good.
 *
 * Invariants: nothing is linked while another process holds the socket; what a QR code or a pairing code says is
 * shown to the operator and stands nowhere else; when it fails no half session is left, and a number that WhatsApp has
 * accepted is linked by running it again; one number is never linked twice.
 */

import { renderUnicodeCompact } from 'uqr';
import { loadSignedTexts } from '../../app/ground/load-flows.ts';
import { ENDED } from '../../channels/whatsapp/after-close.ts';
import { linkOf } from '../../channels/whatsapp/auth-state.ts';
import { Connection } from '../../channels/whatsapp/connection.ts';
import { nameOf } from '../../channels/whatsapp/our-number.ts';
import type { Seat, SessionStore } from '../../channels/whatsapp/session-store.ts';
import { Staging } from '../../channels/whatsapp/staging.ts';
import type { Result } from '../../commands/command.ts';
import type { Texts } from '../../conversation/words/texts.ts';
import { findStatus, noteStatus, resetStatus } from '../../db/whatsapp-status.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { captureConsole, createLog } from '../../kernel/log.ts';
import { readPhoneNumber } from '../../kernel/phone-number.ts';
import { LOCALES } from '../../kernel/project.ts';
import { calendarDay, minutes } from '../../kernel/time.ts';
import { TOOL } from '../../kernel/tool.ts';
import { withLease } from './lease.ts';
import { seatOf } from './linked-seats.ts';
import { type LinkingOptions, linkNumber } from './linking.ts';
import { type LinkingPage, serveLinkingPage } from './linking-page/serve.ts';
import type { Which } from './seats.ts';
import type { WhatsappServer } from './server.ts';
import { createStagedMessages, createWhatsappSession, sessionParts } from './session.ts';

export type PairOptions = {
  code?: string;
  json?: boolean;
  port?: string;
  for?: string;
  standby?: boolean;
};

const MENU = 'On the handset: menu ⋮ (Android) or Settings (iPhone), Linked devices, Link a device';
const LETTERS = `${MENU}, Link with phone number instead, and type:`;
const SCAN = `${MENU}, and scan.`;
const DEAD: ReadonlySet<string> = new Set(ENDED);

/** `say` is given what the operator reads; aborting `signal` gives up. */
export type Terminal = { say(text: string): void; signal: AbortSignal };

/** Shows what the handset must scan or type, and resolves once the number is linked. Ctrl-C gives up in order. */
export async function pairAtTerminal(server: WhatsappServer, options: PairOptions): Promise<Result> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await pair(server, options, {
      say: (text) => process.stdout.write(text),
      signal: stopping.signal,
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

/** The same at any terminal. */
export async function pair(
  server: WhatsappServer,
  options: PairOptions,
  terminal: Terminal,
): Promise<Result> {
  const wanted = {
    number: numberOf(options.code),
    port: portOf(options.port),
    withinMs: timeOf(options.for),
  };
  const texts = await loadSignedTexts(LOCALES, 'fr');
  const release = captureConsole(createLog('silent'));
  let page: LinkingPage | undefined;
  try {
    const which = options.standby ? 'standby' : 'in_use';
    const seat = await seatOf(server, which);
    await refuseSecond(server, seat, which);
    page = options.json ? undefined : await openPage(wanted.port, texts, terminal);
    const shows = shower(page, terminal);
    const done = await withLease(server.database.db, { seat, waits: true }, (lease) =>
      link(server, { ...wanted, seat, which, shows, signal: terminal.signal }, lease),
    );
    if (!done) throw new LakanaError('busy', BUSY);
    page?.shows({ is: 'linked' });
  } catch (error) {
    page?.shows({ is: 'ended' });
    throw error;
  } finally {
    await page?.close();
    release();
  }
  const lines = [options.standby ? LINKED_AHEAD : LINKED, '', ...handset(texts)];
  return { text: lines.join('\n'), json: { linked: true }, isLine: true };
}

type Wanted = Omit<LinkingOptions, 'make' | 'number'> & {
  number: string | undefined;
  seat: Seat;
  which: Which;
};

/** As the one process that may. */
async function link(server: WhatsappServer, wanted: Wanted, lease: { isHeld(): boolean }): Promise<void> {
  const { own, timeZone, database } = server;
  const { db } = database;
  const { seat, which } = wanted;
  const store = createWhatsappSession(sessionParts(server), seat);
  // Asked again while nobody else can link one.
  await refuseSecond(server, seat, which);
  const wasAccepted = (await linkOf(store)) !== undefined;
  if (!wasAccepted) {
    // An earlier try that was given up leaves half a session.
    await store.clear();
    await resetStatus(db, seat, false);
  }
  const staging = new Staging(createStagedMessages(sessionParts(server)), seat);
  const socketUrl = own?.socketUrl;
  const parts = { store, lease, log: createLog('silent'), staging, ...(socketUrl ? { socketUrl } : {}) };
  try {
    const { number, seat: _, which: __, ...rest } = wanted;
    await linkNumber({
      ...rest,
      ...(number ? { number } : {}),
      make: (more) => new Connection({ ...parts, ...more }),
    });
  } catch (error) {
    const { code } = error as LakanaError;
    if (DEAD.has(code) || !(await linkOf(store))) await store.clear();
    // Taken off the handset since it was accepted: it has to be shown a new code.
    if (code === 'logged_out' && wasAccepted) return link(server, wanted, lease);
    throw error;
  }
  await refuseSame(server, store, seat);
  // Chosen while nobody else can: it is the same from now on.
  const named = await nameOf(store);
  const now = new Date();
  const day = calendarDay(now, timeZone);
  await noteStatus(db, seat, {
    ...(named ? { name: named.name } : {}),
    state: 'off',
    because: null,
    since: now,
    notedAt: now,
    linkedAt: now,
    closes: 0,
    closesDay: day,
  });
}

/** One that was accepted and never connected is linked to its end instead. */
async function refuseSecond(server: WhatsappServer, seat: Seat, which: Which): Promise<void> {
  const status = await findStatus(server.database.db, seat);
  if (!status?.linkedAt) return;
  if (!(await linkOf(createWhatsappSession(sessionParts(server), seat)))) return;
  const [what, unlink] =
    which === 'standby'
      ? ['a second number', `${TOOL} whatsapp unlink --standby`]
      : ['a number', `${TOOL} whatsapp unlink`];
  throw new LakanaError('linked', `${what} is linked already: ${unlink}, then run this again`);
}

/** Two devices of one number are no second number: both end on the same day. */
async function refuseSame(server: WhatsappServer, store: SessionStore, seat: Seat): Promise<void> {
  const other = await linkOf(createWhatsappSession(sessionParts(server), seat === 1 ? 2 : 1));
  const own = await linkOf(store);
  if (!own || own.number !== other?.number) return;
  await store.clear();
  throw new LakanaError('same_number', SAME);
}

async function openPage(port: number, texts: Texts, { say }: Terminal): Promise<LinkingPage> {
  try {
    const page = await serveLinkingPage(port, texts);
    say(`The same on a page, for this machine only: ${page.url}\nConnecting to WhatsApp …\n`);
    return page;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new LakanaError('bad_port', `port ${port} is in use: give another --port, or none`);
  }
}

/** For people: in the terminal and on the page. For machines: one line of JSON each. */
function shower(page: LinkingPage | undefined, { say }: Terminal): LinkingOptions['shows'] {
  if (!page) return (what) => 'words' in what || say(`${JSON.stringify(what)}\n`);
  return (what) => {
    if ('qr' in what) {
      page.shows({ is: 'qr', text: what.qr });
      say(`\n${renderUnicodeCompact(what.qr)}\n${SCAN}\n`);
    } else if ('code' in what) {
      const letters = `${what.code.slice(0, 4)}-${what.code.slice(4)}`;
      page.shows({ is: 'code', letters });
      say(`\n${LETTERS}  ${letters}\n`);
    } else {
      page.shows({ is: 'waiting' });
      say(`${what.words}\n`);
    }
  };
}

function numberOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const number = readPhoneNumber(given, { home: false });
  if (number) return number.slice(1);
  throw new LakanaError('bad_number', '--code wants a number with its country, like +22370000000');
}

function portOf(given: string | undefined): number {
  const port = Number(given ?? 0);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new LakanaError('bad_port', '--port wants a number between 1 and 65535');
}

function timeOf(given: string | undefined): number {
  const time = Number(given ?? 5);
  if (time > 0 && time <= 60) return minutes(time);
  throw new LakanaError('bad_time', '--for wants minutes, at most 60');
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const BUSY = 'another process holds the WhatsApp connection: stop it, or wait 15 seconds';
const SAME =
  'this is the number that is linked already: on its handset take the newest entry off Linked devices, then scan with the handset of another number';
const LINKED_AHEAD =
  '✓ The second number is linked. It takes over when WhatsApp logs the first one out or restricts it. Officers are told of it.';
const LINKED = '✓ The number is linked. A running service connects within seconds.';
/** What must be done with the handset: the terminal speaks English, and says it as the page does. */
function handset(texts: Texts): string[] {
  const rules = texts.t('en', 'linking.handset.rules').split('\n');
  return [`${texts.t('en', 'linking.handset.why')} So:`, ...rules.map((rule) => `  - ${rule}`)];
}
