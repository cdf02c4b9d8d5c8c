/** The same number of answers through grammY's conversations plugin with its sessions in PostgreSQL. */
import {
  type Conversation,
  type ConversationFlavor,
  conversations,
  createConversation,
} from '@grammyjs/conversations';
import { PsqlAdapter } from '@grammyjs/storage-psql';
import { Bot, type Context, type MiddlewareFn, type Transformer } from 'grammy';
import type { Update } from 'grammy/types';
import pg from 'pg';
import { type Row, rowOf } from './table.ts';
import { type Server, timed } from './world.ts';

const PEOPLE = 200;
const STEPS = 41;
const AT_ONCE = 16;

type Ctx = ConversationFlavor<Context>;

export async function benchGrammy(server: Server): Promise<Row> {
  const pool = new pg.Pool({ connectionString: server.url, max: 16 });
  const storage = await PsqlAdapter.create({
    tableName: 'grammy_sessions',
    client: pool as never,
  });
  const bot = new Bot<Ctx>('700000:bench', {
    botInfo: { id: 700_000, is_bot: true, first_name: 'bench', username: 'bench_bot' } as never,
  });
  // Telegram answers at once.
  const accept: Transformer = async () => ({ ok: true, result: { message_id: 1 } }) as never;
  bot.api.config.use(accept);
  bot.use(
    conversations<Ctx, Context>({
      storage: {
        type: 'key',
        getStorageKey: (ctx: Context) => String(ctx.chatId),
        version: 1,
        adapter: storage as never,
      } as never,
    }),
  );
  const questionnaire = async (conversation: Conversation<Ctx, Context>, ctx: Context) => {
    const answers: string[] = [];
    for (let question = 1; question <= STEPS; question++) {
      await ctx.reply(`Question ${question} ?`, {
        reply_markup: { inline_keyboard: [[{ text: 'Oui', callback_data: 'y' }]] },
      });
      const next = await conversation.waitFor('message:text');
      answers.push(next.msg.text);
    }
  };
  // Inside a conversation the plugin has an API client of its own.
  const offline: MiddlewareFn<Context> = (ctx, next) => {
    ctx.api.config.use(accept);
    return next();
  };
  bot.use(createConversation(questionnaire, { plugins: [offline] }));
  bot.on('message', (ctx) => ctx.conversation.enter('questionnaire'));

  const all = Array.from({ length: STEPS }, (_, step) =>
    Array.from({ length: PEOPLE }, (_none, n) => ({ step, n })),
  ).flat();
  const result = await timed(all, AT_ONCE, async ({ step, n }) => {
    const from = { id: 5_000_000 + n, is_bot: false, first_name: 'P' };
    const chat = { id: from.id, type: 'private' as const, first_name: 'P' };
    const update = {
      update_id: step * PEOPLE + n + 1,
      message: { message_id: step, date: 0, from, chat, text: `passage ${step}, en quelques mots` },
    } as Update;
    await bot.handleUpdate(update);
  });
  await pool.end();
  return rowOf('grammY conversations with PostgreSQL sessions, not sealed', result);
}
