/** The console's interface (`src/contract/console.ts`): who is asking is known before any of its routes is. */
import cookie from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import type { Context } from '../../app/ground/context.ts';
import type { Site } from '../../app/members/passkeys.ts';
import { signedIn } from '../../app/members/sessions.ts';
import type { Limits } from '../limits.ts';
import type { App } from '../zod-provider.ts';
import { caseRoutes } from './case-routes.ts';
import { changeRoutes } from './change-routes.ts';
import { type DoctorFound, doctorRoutes } from './doctor-routes.ts';
import { followingRoutes } from './following-routes.ts';
import { guard } from './guard.ts';
import { invitationRoutes, memberRoutes } from './member-routes.ts';
import { myRoutes, pushRoutes } from './my-routes.ts';
import { describeRoutes } from './openapi.ts';
import { retentionRoutes } from './retention-routes.ts';
import { signingInRoutes } from './signing-in-routes.ts';
import { teamKeyRoutes } from './team-key-routes.ts';
import { textRoutes } from './text-routes.ts';
import { voiceRoutes } from './voice-routes.ts';

export type ConsoleParts = {
  ctx: Context;
  /** Where the console stands; known once the service listens. */
  site: () => Site;
  /** Calls back whenever something may have changed; returns how to stop. */
  onChange: (heard: () => void) => () => void;
  /** A word that is another one whenever something may have changed. */
  news: () => string;
  /** What `doctor` says of the service; absent: nobody is told. */
  doctor?: (language: string) => Promise<DoctorFound>;
  /** Name of the script with which the page begins: a page that the browser kept can tell whether it is the newest. */
  pageScript?: string | undefined;
  /** Absent: nothing is counted. */
  limits?: Limits;
  /** Told of each request of a member. */
  onMember?: (request: FastifyRequest) => void;
};

export async function consoleRoutes(app: App, parts: ConsoleParts): Promise<void> {
  const { ctx, site, limits, onMember } = parts;
  await app.register(cookie);
  const begins = guard(app, {
    origin: () => site().origin,
    who: async (token) => signedIn(ctx.db, ctx, await ctx.clock.now(ctx.db), token),
    limits,
    onMember,
  });
  await describeRoutes(app);
  signingInRoutes(app, { ...parts, begins });
  changeRoutes(app, parts);
  caseRoutes(app, parts);
  followingRoutes(app, parts);
  retentionRoutes(app, parts);
  memberRoutes(app, parts);
  invitationRoutes(app, parts);
  myRoutes(app, parts);
  pushRoutes(app, parts);
  teamKeyRoutes(app, parts);
  voiceRoutes(app, parts);
  textRoutes(app, parts);
  if (parts.doctor) doctorRoutes(app, { doctor: parts.doctor });
}
