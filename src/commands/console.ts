import type { Command } from 'commander';
import { invite, joiningLink } from '../app/members/invitations.ts';
import { membersWithDevices } from '../app/members/members.ts';
import type { Config } from '../config.ts';
import { LakanaError } from '../kernel/errors.ts';
import { addCommand, type Result } from './command.ts';
import { verifyConsole } from './console-verify.ts';
import { withOffice } from './office.ts';
import { findOne } from './officer.ts';

/** `setup`: a link for the first administrator; `console verify`. */
export function addConsoleCommands(program: Command): void {
  addCommand(program, 'setup', 'a link by which the first administrator of the console joins', setup)
    .option('--name <name>', 'who it is for', 'Administrator')
    .option(
      '--officer <officer>',
      'an officer of the on-call team: the same person, who then can take alerts',
    )
    .option('--again', 'although there is an administrator: when all their devices are lost');
  const console = program.command('console').description('the officer’s room');
  addCommand(
    console,
    'verify <url>',
    'that a service sends the page whose hashes are published with the source; on another machine than the server',
    verifyConsole,
  ).option('--list <file>', 'hashes that came another way, as sha256sum writes them');
}

function setup(options: { name: string; officer?: string; again?: true }): Promise<Result> {
  return withOffice(async ({ ctx, server, transact }) => {
    const origin = originOf(server.config);
    const administrators = (await membersWithDevices(ctx.db, ctx)).filter(
      ({ role }) => role === 'administrator',
    );
    if (administrators.length > 0 && !options.again)
      throw new LakanaError(
        'has_administrator',
        'there is an administrator: they invite others in the console. All their devices are lost? Add --again',
      );
    const officer = options.officer ? await findOne(server, options.officer) : undefined;
    const whom = {
      name: officer?.name ?? options.name,
      role: 'administrator' as const,
      ...(officer ? { officerId: officer.id } : {}),
    };
    const invited = await transact((at) => invite(at, null, whom));
    if (!invited.ok)
      throw new LakanaError(
        'officer_taken',
        'this officer is a member of the room already: an administrator takes them out there first, or leave --officer away',
      );
    const { code, expiresAt } = invited;
    const link = joiningLink(origin, code);
    return {
      text: [
        `Open this link on the administrator's own device, within 24 hours; it works once:\n\n  ${link}\n`,
        "Then bring the team's secret key there (the file that keys init-team made; in trial mode trial-keys/team.key in DATA_DIR).",
      ].join('\n'),
      json: { link, expiresAt },
    };
  });
}

/**
 * Where the room stands for a person who opens the link. Only a trial's is on this machine: a live one is opened
 * elsewhere.
 */
function originOf({ mode, publicUrl, port }: Config): string {
  if (publicUrl) return new URL(publicUrl).origin;
  if (mode === 'trial') return `http://localhost:${port}`;
  throw new LakanaError(
    'no_public_url',
    'PUBLIC_URL is missing: no other device could open the link. Set it (docs/operating.md, "Behind a proxy"), start the service again, then run this once more',
  );
}
