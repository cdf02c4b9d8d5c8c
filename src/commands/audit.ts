/** The log of who looked at what: whether it is whole, and whom it belongs to. */
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { verifyRoot } from '../app/watch/daily-root.ts';
import { wrongDatabaseAddress } from '../config-urls.ts';
import { verifyAudit } from '../crypto/audit-chain.ts';
import { parseRoot } from '../crypto/heads-root.ts';
import { auditRows } from '../db/audit.ts';
import { auditOwner, protectAudit, sayWeaknesses } from '../db/audit-owner.ts';
import { listRoots } from '../db/roots.ts';
import { LakanaError } from '../kernel/errors.ts';
import { TOOL } from '../kernel/tool.ts';
import { withoutGaps } from '../kernel/unicode.ts';
import { isAlone } from '../service/upgrade.ts';
import { addCommand, type Result, table } from './command.ts';
import { readSettings, type Server, withServer } from './server.ts';

/** `audit verify | roots | protect`. */
export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('who looked at what');
  addCommand(audit, 'verify', 'that nothing was changed, dropped or put in since it was written', verify)
    .option('--head <hash>', 'the head that was noted at an earlier time: shows a log that was cut off')
    .option(
      '--root <code>',
      'the code of a day, as supervisors got it: shows cases that were set back or removed',
    );
  addCommand(audit, 'roots', 'the codes of the last days, to compare with what supervisors got', listOfRoots);
  addCommand(
    audit,
    'protect',
    'give the log to a role that the service cannot become (with DATABASE_URL); after an upgrade too, if it says so',
    protect,
  ).requiredOption(
    '--database-url <url>',
    'the same database, as the server’s superuser; - to read it from standard input',
  );
}

const tampered = (what: string, json: object): Result => ({
  text: `✗ ${what} Tell the CNDH.`,
  json: { ok: false, ...json },
  exitCode: 1,
});

const verify = ({ head, root }: { head?: string; root?: string }): Promise<Result> =>
  withServer(async (server) => {
    const log = await verifyLog(server, head);
    if (root === undefined) return log;
    const day = await verifyDay(server, root);
    return {
      text: `${log.text}\n${day.text}`,
      json: { ...(log.json as object), root: day.json },
      exitCode: log.exitCode || day.exitCode || 0,
    };
  });

function listOfRoots(): Promise<Result> {
  return withServer(async ({ database }) => {
    const found = (await listRoots(database.db, 60)).map(({ day, root, document }) => ({
      day,
      root,
      cases: document.cases.length,
      rows: document.audit?.seq ?? 0,
    }));
    const rows = found.map(({ day, root, cases, rows: lines }) => [
      day,
      root,
      `${cases} cases`,
      `${lines} rows of the log`,
    ]);
    return {
      text: rows.length > 0 ? table(rows) : 'No code yet: one is made each morning.',
      json: { roots: found },
    };
  });
}

/** Whether everything is there that was there on the day of a code. */
async function verifyDay({ database, keyring }: Place, given: string): Promise<Result> {
  const root = parseRoot(given);
  if (!root)
    throw new LakanaError(
      'bad_root',
      'this is no code of a day: it has four groups of four letters and digits',
    );
  const verdict = await verifyRoot(database.db, root, keyring.signer);
  if (verdict.ok)
    return {
      text: `✓ All ${verdict.cases} cases of ${verdict.at.toISOString().slice(0, 10)} hold what they held then, and so does the log.${saysErased(verdict.erased)}`,
      json: verdict,
    };
  if (verdict.problem === 'unknown')
    return tampered(
      `The code ${root} was not made from what is here: this database was set back to before that day, or the code is mistyped or over 60 days old.`,
      verdict,
    );
  const lines = [
    ...(verdict.isAuditChanged ? ['the audit log was cut off or written anew'] : []),
    ...(verdict.cases.length > 0
      ? [
          `these cases no longer hold what they held then: ${verdict.cases.join(', ')} (one whose person refused consent is emptied rightly)`,
        ]
      : []),
  ];
  return tampered(`Since ${verdict.at.toISOString().slice(0, 10)}: ${lines.join('; ')}.`, verdict);
}

/** Two people wanted each of them erased: the log says who. */
const saysErased = (erased: readonly string[]): string =>
  erased.length > 0 ? `\n  Erased since, as the log has it: ${erased.join(', ')}.` : '';

type Place = Pick<Server, 'database' | 'keyring' | 'config'>;

/** Reads the whole log; `given`: a head that was noted earlier. */
export async function verifyLog(server: Place, given?: string): Promise<Result> {
  const noted = given === undefined ? undefined : headIn(given);
  let notedAt: number | undefined;
  const rows = async function* () {
    for await (const row of auditRows(server.database.db)) {
      if (Buffer.from(row.link).toString('hex') === noted) notedAt = row.seq;
      yield row;
    }
  };
  const verdict = await verifyAudit(rows(), server.keyring.signer);
  if (!verdict.ok)
    return tampered(
      `The audit log is not as it was written: ${verdict.problem} at row ${verdict.seq}.`,
      verdict,
    );
  if (noted !== undefined && notedAt === undefined)
    return tampered(
      verdict.rows === 0
        ? `The audit log is empty, although the head ${noted} was noted: it was cut off.`
        : `The audit log was cut off or written anew: it no longer holds ${noted}.`,
      { problem: 'cut_off' },
    );
  return whole(server, verdict.rows, verdict.head, notedAt);
}

async function whole(
  { database, config }: Place,
  rows: number,
  newest: Uint8Array | null,
  notedAt: number | undefined,
): Promise<Result> {
  const head = newest ? Buffer.from(newest).toString('hex') : null;
  const { owner, service, weaknesses } = await auditOwner(database.sql);
  const isProtected = weaknesses.length === 0;
  const json = { ok: true, rows, head, notedAt: notedAt ?? null, owner, isProtected };
  const whose = isProtected
    ? `  The log belongs to ${owner}: the service can only read it and add to it.`
    : config.databaseUrl
      ? `  The log is not protected: ${sayWeaknesses(service, weaknesses)} (${TOOL} audit protect).`
      : '  The log belongs to the service itself (embedded PostgreSQL): only a noted head shows that its end was cut off.';
  if (head === null)
    return {
      text: `✓ The log is empty: nobody has looked at anything yet, and no head was given that says otherwise.\n${whose}`,
      json,
    };
  const proved =
    notedAt === undefined
      ? [
          '  Shown: each row follows the one before it and was signed by this server.',
          '  Not shown: that the newest rows were not cut off, and that nobody who has the server key wrote all of it anew. A head that was noted earlier shows that: --head.',
        ]
      : [
          `  Shown: the noted head is row ${notedAt}. Up to there nothing was changed, dropped or put in since it was noted, not even by somebody who has the server key.`,
          `  Of the ${rows - notedAt} rows after it: each follows the one before it and was signed by this server; whether newer ones were cut off shows the next time.`,
        ];
  return {
    text: [
      `✓ ${rows} rows, none changed, dropped or put in.`,
      ...proved,
      whose,
      `  Note the head on paper: ${head}`,
      `  Next time: ${TOOL} audit verify --head ${head}`,
    ].join('\n'),
    json,
  };
}

/** A head as it was printed: a mistyped one must not look like tampering. */
function headIn(text: string): string {
  const head = withoutGaps(text);
  if (/^[0-9a-f]{64}$/.test(head)) return head;
  throw new LakanaError(
    'bad_head',
    'this is no head: it has 64 letters and digits, as audit verify prints it',
  );
}

async function protect({ databaseUrl }: { databaseUrl: string }): Promise<Result> {
  const read = await readSettings();
  if (!read.ok) throw new LakanaError('settings', `the settings cannot be used: ${TOOL} doctor says why`);
  const service = read.config.databaseUrl?.reveal();
  if (!service)
    throw new LakanaError(
      'embedded',
      'the embedded PostgreSQL belongs to the service, which could take back whatever is taken from it: use a PostgreSQL of its own (DATABASE_URL, docs/operating.md), or note the head that audit verify prints',
    );
  const ownerUrl = databaseUrl === '-' ? await firstLine() : databaseUrl;
  const wrong = wrongDatabaseAddress(ownerUrl);
  if (wrong) throw new LakanaError('bad_url', `--database-url ${wrong.problem}: ${wrong.mend}`);
  const statements = await protectAudit(
    { ownerUrl, serviceUrl: service },
    { before: (_found, db) => isAlone(db) },
  );
  return {
    text: [
      '✓ The audit log belongs to lakana_audit, which nobody signs in as. The service reads it and adds to it, no more.',
      '  This was done:',
      ...statements.map((each) => `    ${each};`),
      `  Note the head that ${TOOL} audit verify prints.`,
    ].join('\n'),
    json: { ok: true, statements },
  };
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line.trim();
  return '';
}
