import { createCalls, type Failure, failureCode } from '../../channels/telegram/calls.ts';
import type { TelegramSettings } from './settings.ts';

export type Bot = { ok: true; username: string } | { ok: false; reason: string; isRefused: boolean };

/** Asks Telegram who the bot is. Never throws, and no answer carries the token. */
export async function askBot(telegram: TelegramSettings): Promise<Bot> {
  const getMe = createCalls(telegram.token.reveal(), telegram.apiRoot);
  const outcome = await getMe('getMe', {} as never, { timeoutSeconds: 5 });
  if (!outcome.ok)
    return { ok: false, reason: failureCode(outcome.failure), isRefused: isRefused(outcome.failure) };
  const { username } = (outcome.result ?? {}) as { username?: unknown };
  return typeof username === 'string' && /^\w{1,64}$/.test(username)
    ? { ok: true, username }
    : { ok: false, reason: 'no_username', isRefused: false };
}

const isRefused = (failure: Failure): boolean =>
  failure.kind === 'refused' && (failure.code === 401 || failure.code === 404);
