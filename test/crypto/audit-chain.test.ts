import { expect, test } from 'vitest';
import { type AuditRow, auditLink, signAuditLink, verifyAudit } from '../../src/crypto/audit-chain.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';

const keyring = parseKeyring(generateKeyringFile());

function log(count: number): AuditRow[] {
  const rows: AuditRow[] = [];
  for (let seq = 1; seq <= count; seq++) {
    const entry = {
      seq,
      at: new Date(1_795_600_000_000 + seq),
      memberId: 'm',
      what: 'case_opened',
      caseId: 'c',
      detail: { b: 1, a: 'x' },
    };
    const link = auditLink(rows.at(-1)?.link ?? null, entry);
    rows.push({ ...entry, link, signature: signAuditLink(keyring, link) });
  }
  return rows;
}

const verdict = (rows: AuditRow[]) =>
  verifyAudit(
    (async function* () {
      yield* rows;
    })(),
    keyring.signer,
  );

test('a log that no one touched is whole, in whatever order the database keeps its details', async () => {
  const rows = log(4).map((row) => ({ ...row, detail: { a: 'x', b: 1 } }));
  expect(await verdict(rows)).toMatchObject({ ok: true, rows: 4 });
  expect(await verdict([])).toEqual({ ok: true, rows: 0, head: null });
});

test('a row that was changed, dropped, moved or put in shows, and where', async () => {
  const rows = log(4);
  const changed = rows.map((row) => (row.seq === 2 ? { ...row, memberId: 'other' } : row));
  expect(await verdict(changed)).toEqual({ ok: false, problem: 'wrong_link', seq: 2 });
  expect(await verdict(rows.filter(({ seq }) => seq !== 2))).toEqual({
    ok: false,
    problem: 'out_of_order',
    seq: 3,
  });
  const renumbered = rows.filter(({ seq }) => seq !== 2).map((row, n) => ({ ...row, seq: n + 1 }));
  expect(await verdict(renumbered)).toMatchObject({ ok: false, problem: 'wrong_link' });
});

test('an intruder without a key of the server cannot write it anew', async () => {
  const forger = parseKeyring(generateKeyringFile());
  const rows = log(2).map((row) => ({ ...row, signature: signAuditLink(forger, row.link) }));
  expect(await verdict(rows)).toEqual({ ok: false, problem: 'wrong_signature', seq: 1 });
});
