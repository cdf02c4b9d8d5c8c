/** `whatsapp status`: how the connection is, as the process that holds it says. */
import { sayTime } from '../../app/duty/officer-wording.ts';
import type { Result } from '../../commands/command.ts';
import { findNumbers } from '../../db/channel-numbers.ts';
import type { Db } from '../../db/database.ts';
import { TOOL } from '../../kernel/tool.ts';
import { seatsNow } from './linked-seats.ts';
import { inTerminal, meaningOf, STOPPED_BY } from './meanings.ts';
import { reportWhatsapp, type WhatsappReport } from './report.ts';
import type { WhatsappServer } from './server.ts';

type Say = (when: Date | undefined) => string | undefined;

export async function status(server: WhatsappServer): Promise<Result> {
  const { own, database, keyring, now, timeZone } = server;
  const { db } = database;
  const { known, in_use: seat, standby } = await seatsNow(db, keyring);
  const link = known[seat];
  const report = await reportWhatsapp(db, seat, now, timeZone);
  const second = known[standby] && (await reportWhatsapp(db, standby, now, timeZone));
  const isOn = own !== undefined;
  // Enough to tell two numbers apart, too little to call one.
  const endsIn = link?.digits.slice(-2);
  const secondEndsIn = known[standby]?.digits.slice(-2);
  const say: Say = (when) => when && sayTime(when, now, timeZone);
  const lines = [
    isOn ? '✓ WHATSAPP is on' : '! WHATSAPP is off: set WHATSAPP=on and start the service again',
    ...(endsIn === undefined
      ? [`! no number is linked: ${TOOL} whatsapp pair`]
      : linkLines(report, endsIn, say)),
    ...(link && isOn ? [connectionLine(report, say)] : []),
    ...factLines(report, say),
    ...(second && secondEndsIn ? standbyLines(second, secondEndsIn, say) : link ? [NO_SECOND] : []),
    ...(await sinceLine(db, say)),
  ];
  const { now: connection, isServiceRunning, lastError, ...facts } = report;
  return {
    text: lines.join('\n'),
    json: {
      ...facts,
      on: isOn,
      linked: link !== undefined,
      numberEndsIn: endsIn,
      connection: link ? connection : 'unlinked',
      serviceRuns: isServiceRunning,
      lastError: lastError && { ...lastError, ...inTerminal(meaningOf(lastError.code)) },
      standby: second ? { ...second, connection: second.now, numberEndsIn: secondEndsIn } : null,
    },
  };
}

function linkLines(report: WhatsappReport, endsIn: string, say: Say): string[] {
  const since = report.linkedAt ? ` (since ${say(report.linkedAt)})` : '';
  const missing = `! the handset was last seen ${say(report.handsetAt)}: ${SWITCH_ON}`;
  return [`✓ a number is linked, ending in ${endsIn}${since}`, ...(report.isHandsetMissing ? [missing] : [])];
}

function factLines({ lastError, ...report }: WhatsappReport, say: Say): string[] {
  const { words = '', mend } = lastError ? inTerminal(meaningOf(lastError.code)) : {};
  const error = lastError && `${say(lastError.at)}, ${words} (${lastError.code})${mend ? `; ${mend}` : ''}`;
  return [
    `  last message received: ${say(report.receivedAt) ?? 'none'}`,
    `  last message sent: ${say(report.sentAt) ?? 'none'}`,
    `  last error: ${error ?? 'none'}`,
    `  disconnected today: ${report.closesToday === 1 ? 'once' : `${report.closesToday} times`}`,
    `  handset last seen: ${say(report.handsetAt) ?? 'not since it was linked'}`,
    `  waiting to be handled: ${report.queue}`,
  ];
}

const NO_SECOND = `! no second number is linked: ${TOOL} whatsapp pair --standby`;

function standbyLines(report: WhatsappReport, endsIn: string, say: Say): string[] {
  return [
    `  a second number is linked, ending in ${endsIn}:`,
    connectionLine(report, say),
    ...(report.isHandsetMissing
      ? [`! its handset was last seen ${say(report.handsetAt)}: ${SWITCH_ON}`]
      : []),
  ];
}

/** Since when this one is in use, if there was another one before it. */
async function sinceLine(db: Db, say: Say): Promise<string[]> {
  const row = await findNumbers(db, 'whatsapp');
  if (!row?.before) return [];
  return [
    `  this number is in use since ${say(row.since)}: ${WHY_SWITCHED[row.because ?? ''] ?? 'you decided it'}`,
  ];
}

const WHY_SWITCHED: Readonly<Record<string, string>> = {
  logged_out: 'the handset of the one before it has unlinked us',
  refused: 'WhatsApp has blocked or limited the one before it',
  restricted: 'WhatsApp restricts the one before it',
  not_linked: 'the one before it is not linked any more',
};

const SWITCH_ON = 'switch it on, WhatsApp unlinks us after 14 days without it';

function connectionLine(report: WhatsappReport, say: Say): string {
  const { because, since, isServiceRunning, asOf } = report;
  const meaning = because ? STOPPED_BY[because] : undefined;
  const stopped = meaning && inTerminal(meaning);
  // It says so itself when it is stopped in order.
  if (report.state === 'off')
    return `! not connected since ${say(since)}: the service does not run: npm start`;
  if (!isServiceRunning) {
    const was = report.state === 'open' ? 'connected' : 'not connected';
    return `! as of ${say(asOf)}: ${was}; the service does not run: npm start`;
  }
  switch (report.now) {
    case 'connected':
      if (report.isRestricted)
        return `! connected since ${say(since)}, and WhatsApp refuses some of its messages: read what it says on its handset`;
      return `✓ connected since ${say(since)}`;
    case 'stopped':
      return `✗ cut off since ${say(since)}: ${stopped?.words ?? because}; ${stopped?.mend ?? `${TOOL} doctor`}`;
    case 'trying':
      return `! not connected since ${say(since)}: the service keeps trying; see the network`;
    default:
      return `! as of ${say(asOf)}: the service has said nothing since; if it stays so, start it again`;
  }
}
