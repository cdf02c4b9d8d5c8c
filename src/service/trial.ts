/**
 * Trial mode: what a newcomer needs to play the story on one machine.
 *
 * Invariant: the keys made here lie beside the data and protect nothing; live mode refuses them.
 */
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addOfficer, listOfficers } from '../app/duty/officers.ts';
import type { Context } from '../app/ground/context.ts';
import { transact } from '../app/ground/transaction.ts';
import type { Receive } from '../channels/channel.ts';
import { createTeamKey, parseTeamRecipient } from '../crypto/case-key.ts';
import { generateKeyringFile } from '../crypto/keyring.ts';

/** The phones of the simulator's page. */
const OFFICER = 'officer';

export type TrialKeys = {
  /** Content of the server's key file. */
  serverKey: string;
  recipient: string;
};

/** Reads the trial's keys, or makes them in `DATA_DIR/trial-keys`. */
export async function trialKeys(dataDir: string): Promise<TrialKeys> {
  const folder = join(dataDir, 'trial-keys');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const serverKey = await readOrMake(join(folder, 'server.key'), async () =>
    generateKeyringFile({ trial: true }),
  );
  const secretFile = join(folder, 'team.key');
  const publicFile = `${secretFile}.pub`;
  const known = await read(publicFile);
  if (known !== undefined) return { serverKey, recipient: parseTeamRecipient(known) };
  const { secret, recipient } = await createTeamKey();
  await writeFile(secretFile, `${secret}\n`, { mode: 0o600 });
  await writeFile(publicFile, `${recipient}\n`);
  return { serverKey, recipient };
}

/** Enrols the officer whose phone is on the page, as a real one would: by sending the code. */
export async function enrolSimulatedOfficer(ctx: Context, receive: Receive): Promise<void> {
  const say = (text: string) =>
    receive({
      channel: 'simulator',
      id: `trial-${randomUUID()}`,
      address: OFFICER,
      content: { kind: 'text', text },
    });
  const officers = await listOfficers(ctx.db, ctx);
  // The phones are only in memory: after a restart the officer's shows what can be done.
  if (officers.length > 0) return say('aide');
  const { code } = await transact(ctx, (at) =>
    addOfficer(at, {
      name: ctx.texts.t(ctx.settings.defaultLanguage, 'officer.trial'),
      role: 'officer',
      language: ctx.settings.defaultLanguage,
    }),
  );
  await say(`/start ${code}`);
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function readOrMake(path: string, make: () => Promise<string>): Promise<string> {
  const known = await read(path);
  if (known !== undefined) return known;
  const made = await make();
  await writeFile(path, made, { mode: 0o600, flag: 'wx' });
  await chmod(path, 0o600);
  return made;
}
