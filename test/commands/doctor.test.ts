/** What `doctor` says of a PostgreSQL of the operator's own, and when it calls a service ready for real reports. */
import { describe, expect, it } from 'vitest';
import { asIs, line } from '../../src/app/ground/lines.ts';
import { report } from '../../src/commands/doctor.ts';
import type { Db } from '../../src/db/database.ts';
import { fail, ok } from '../../src/doctor/check.ts';
import { serverSettings } from '../../src/doctor/postgres.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { liveConfig } from '../live-config.ts';

/** As docs/operating.md wants it, "The log of who looked at what". */
const QUIET = {
  version: 18,
  fsync: 'on',
  commit: 'on',
  statements: 'none',
  slow: '-1',
  onError: 'panic',
  parameters: '0',
  isEncrypted: true,
};

async function said(settings: Partial<typeof QUIET>) {
  const config = liveConfig('', { serverKey: '', recipient: '' });
  const db = { execute: async () => [{ ...QUIET, ...settings }] } as unknown as Db;
  return serverSettings({ ...config, databaseUrl: new Secret('postgres://l:p@db.example.org/l') }, db);
}

describe('doctor', () => {
  it('says nothing against a PostgreSQL that keeps what it is given and writes none of it into its log', async () => {
    expect(await said({})).toEqual(ok('database', line('database.server', { version: 18 })));
  });

  it.each<[string, Partial<typeof QUIET>]>([
    ['log_statement', { statements: 'mod' }],
    ['log_statement', { slow: '500' }],
    ['log_min_error_statement', { onError: 'error' }],
    ['log_parameter_max_length', { parameters: '-1' }],
  ])('names %s where what is asked would stand in the log: %j', async (setting, settings) => {
    const { state, mend } = await said(settings);
    expect({ state, mend }).toEqual({
      state: 'warn',
      mend: expect.stringContaining(`alter system set ${setting} = `),
    });
  });

  it('calls nothing ready for real reports while something does not work, also if nothing else is missing', () => {
    const well = [ok('database', line('database.server', { version: 18 }))];
    const ready = report(well, [], { mode: 'live' });
    expect(ready.text).not.toContain('NOT FOR REAL REPORTERS');
    expect(ready.json).toMatchObject({ isForRealReporters: true, missing: [] });
    const broken = report(
      [...well, fail('telegram', asIs('does not know this token'), asIs('copy it again'))],
      [],
      {
        mode: 'live',
      },
    );
    expect(broken.text).toMatch(/NOT FOR REAL REPORTERS until:\n {2}- everything that has a ✗ above works$/);
    expect(broken).toMatchObject({ exitCode: 1, json: { isForRealReporters: false } });
  });
});
