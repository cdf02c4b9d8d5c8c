/**
 * The third messenger: a worked example (docs/adding-a-messenger.md), and the proof that one is added through its entry in the
 * list alone. Its server stands in `loft.ts`, its wire in `wire.ts`.
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { linesUnder } from '../../../src/app/ground/lines.ts';
import { addCommand } from '../../../src/commands/command.ts';
import { type Problem, problem } from '../../../src/config-keys.ts';
import { SERVER, setting } from '../../../src/config-kinds.ts';
import { address } from '../../../src/config-urls.ts';
import { createLease } from '../../../src/db/lease.ts';
import { fail, ok, warn } from '../../../src/doctor/check.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import type { Messenger } from '../../../src/messengers/messenger.ts';
import { askWho, createPigeonChannel, PIGEON_ACCOUNT, PIGEON_CAPABILITIES } from './pigeon-channel.ts';

type PigeonSettings = { url: string; key: Secret };

const schema = {
  PIGEON_URL: setting(
    address({ ...SERVER, give: 'give the address of a loft, like https://loft.example.org' }).optional(),
  ),
  PIGEON_KEY: setting(
    z
      .string()
      .regex(/^\S{8,}$/, 'copy the key of the loft without spaces')
      .optional(),
  ),
} as const;

const LOCALES = fileURLToPath(new URL('locales', import.meta.url));

/** What `doctor` says of it: the texts under `doctor` in its locales, with what is filled in. */
const line = linesUnder(
  'pigeon.doctor',
  { off: [], off_mend: [], called: ['name'], silent: ['code'], silent_mend: [] },
  LOCALES,
);

export const pigeon: Messenger<PigeonSettings> = {
  kind: 'pigeon',
  can: PIGEON_CAPABILITIES,
  account: PIGEON_ACCOUNT,
  locales: LOCALES,
  settings: {
    schema,
    turnsOn: 'PIGEON_URL',
    onlyLive: ['PIGEON_KEY'],
    read(given: z.infer<z.ZodObject<typeof schema>>, _common, problems: Problem[]) {
      const { PIGEON_URL: url, PIGEON_KEY: key } = given;
      if (url === undefined) return undefined;
      if (key === undefined)
        problems.push(problem('PIGEON_KEY', 'is missing beside PIGEON_URL', 'give the key of the loft'));
      return { url, key: new Secret(key ?? '') };
    },
  },

  async open({ url, key }, { db, log, arriving }) {
    const lease = createLease(db, 'pigeon', { log });
    return { channel: createPigeonChannel({ url, key: key.reveal(), lease, log, arriving }), lease };
  },

  async checks(settings) {
    if (!settings) return [warn('pigeon', line('off'), line('off_mend'))];
    const who = await askWho({ url: settings.url, key: settings.key.reveal() });
    return [
      who.ok
        ? ok('pigeon', line('called', { name: who.name }))
        : fail('pigeon', line('silent', { code: who.code }), line('silent_mend')),
    ];
  },

  async link({ url, key }, code) {
    const who = await askWho({ url, key: key.reveal() });
    return who.ok
      ? { ok: true, link: `${url}/to/${who.name}?say=${code}` }
      : { ok: false, problem: `the loft did not say our name (${who.code}): there is no link.` };
  },

  addCommands(program, server) {
    const parent = program.command('pigeon').description('the loft that people write to us through');
    addCommand(parent, 'who', 'what we are called there', () =>
      server.run(async ({ own }) => {
        const who = own && (await askWho({ url: own.url, key: own.key.reveal() }));
        const name = who?.ok ? who.name : null;
        return { text: name ?? '! the loft does not answer', json: { name } };
      }),
    );
  },
};
