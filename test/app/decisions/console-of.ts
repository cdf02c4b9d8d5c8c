/** The console's interface over the people of a duty room, without a browser: who asks for what, and what is answered. */
import Fastify from 'fastify';
import { COOKIE } from '../../../src/http/console/guard.ts';
import { consoleRoutes } from '../../../src/http/console/routes.ts';
import { type App, PACKED, speakZod } from '../../../src/http/zod-provider.ts';
import { joins } from '../../http/console/member.ts';
import { unpacked } from '../../unpacked.ts';
import type { DutyRoom, Officer } from '../alerts/duty-room.ts';

const ORIGIN = 'https://lakana.example.org';

export type Answered = { status: number; body: Record<string, unknown> };

export async function openConsoleOf(room: DutyRoom) {
  const app = Fastify() as unknown as App;
  speakZod(app);
  await app.register(consoleRoutes, {
    ctx: room.ctx,
    site: () => ({ origin: ORIGIN, rpId: 'lakana.example.org' }),
    onChange: () => () => undefined,
    news: () => '',
  });

  return {
    /** A member signs in, as this officer if one is given; returns how they ask, and how they look if they send nothing. */
    async enters(officer?: Officer) {
      const { token } = await joins(room, 'officer', officer?.officerId ?? null);
      return async (path: string, payload?: object): Promise<Answered> => {
        const answer = await app.inject({
          method: payload ? 'POST' : 'GET',
          url: `/console/api/${path}`,
          headers: { origin: ORIGIN },
          cookies: { [COOKIE]: token },
          ...(payload ? { payload } : {}),
        });
        await room.deliver();
        const isPacked = answer.headers['content-type'] === PACKED;
        return {
          status: answer.statusCode,
          body: isPacked ? await unpacked(answer.rawPayload) : answer.json(),
        };
      };
    },
    close: () => app.close(),
  };
}
