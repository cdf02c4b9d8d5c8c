/** The methods of the Bot API that the fake knows, checked as the real server checks them. */
import type { Chats, Room, StoredMessage } from './chats.ts';
import type { Updates } from './updates.ts';
import { type Button, badRequest, type Json, Refusal, type User } from './wire.ts';

export type Server = { bot: User; chats: Chats; updates: Updates };
export type Method = (params: Json, server: Server, gone: AbortSignal) => unknown;

const MAX_TEXT = 4096;
const MAX_BUTTON_DATA = 64;
/** Telegram lets a bot fetch files of up to 20 MB. */
const MAX_FILE = 20 * 1024 * 1024;
/** Deleting works for 48 hours. */
const MAX_AGE_SECONDS = 48 * 3600;

/** Bodies in JSON bring numbers and objects; forms bring strings. */
const integer = (value: unknown, otherwise: number): number => {
  const number = Number(value ?? otherwise);
  return Number.isSafeInteger(number) ? number : otherwise;
};
const flag = (value: unknown): boolean => value === true || value === 'true' || value === '1';
function object(value: unknown, name: string): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw badRequest(`can't parse ${name} JSON object`);
  }
}

function room(params: Json, { chats }: Server): Room {
  if (params.chat_id === undefined || params.chat_id === '') throw badRequest('chat_id is empty');
  const found = chats.rooms.get(integer(params.chat_id, 0));
  if (!found) throw badRequest('chat not found');
  if (found.deactivated) throw new Refusal(403, 'Forbidden: user is deactivated');
  if (found.blocked) throw new Refusal(403, 'Forbidden: bot was blocked by the user');
  if (!found.started) throw new Refusal(403, "Forbidden: bot can't initiate conversation with a user");
  return found;
}

function text(params: Json): string {
  const words = typeof params.text === 'string' ? params.text : '';
  if (words.trim() === '') throw badRequest('message text is empty');
  // Half a character, as it is left when a text is cut anywhere.
  if (!words.isWellFormed()) throw badRequest('strings must be encoded in UTF-8');
  if (words.length > MAX_TEXT) throw badRequest('message is too long');
  return words;
}

function keyboard(params: Json): Button[][] {
  const markup = object(params.reply_markup, 'reply markup');
  if (typeof markup !== 'object' || markup === null) return [];
  const rows = (markup as Json).inline_keyboard;
  if (!Array.isArray(rows)) return [];
  for (const button of rows.flat() as Json[]) checkButton(button);
  return (rows as Button[][]).filter((row) => row.length > 0);
}

function checkButton(button: Json): void {
  if (typeof button.text !== 'string' || button.text === '')
    throw badRequest('inline keyboard button text is empty');
  if (typeof button.url === 'string') return;
  if (typeof button.callback_data !== 'string')
    throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
  const bytes = Buffer.byteLength(button.callback_data);
  if (bytes < 1 || bytes > MAX_BUTTON_DATA) throw badRequest('BUTTON_DATA_INVALID');
}

function own(params: Json, server: Server, what: string): [Room, StoredMessage] {
  const place = room(params, server);
  const message = server.chats.find(place, integer(params.message_id, 0));
  if (!message) throw badRequest(`message to ${what} not found`);
  return [place, message];
}

function sendMessage(params: Json, server: Server): Json {
  const place = room(params, server);
  const message = server.chats.add(place, server.bot, {
    text: text(params),
    rows: keyboard(params),
    silent: flag(params.disable_notification),
  });
  return server.chats.onWire(place, message);
}

/** Bytes in a form; an id or an address would be another file than ours. Telegram makes a document of what is not Ogg with Opus. */
async function sendVoice(params: Json, server: Server): Promise<Json> {
  const place = room(params, server);
  if (place.takesNoVoice) throw badRequest('VOICE_MESSAGES_FORBIDDEN');
  const named = /^attach:\/\/(.+)$/.exec(String(params.voice))?.[1];
  const voice = named === undefined ? params.voice : params[named];
  if (!(voice instanceof Blob)) throw badRequest('there is no voice in the request');
  const bytes = new Uint8Array(await voice.arrayBuffer());
  if (bytes.length === 0) throw badRequest('file must be non-empty');
  const isOpus = Buffer.from(bytes.subarray(0, 64)).includes('OpusHead');
  const file_id = `sent-${server.chats.files.size + 1}`;
  server.chats.keep(file_id, `voice/${file_id}.oga`, bytes);
  const about = { file_id, file_unique_id: `u-${file_id}`, file_size: bytes.length };
  const file = { ...about, duration: integer(params.duration, 0), mime_type: 'audio/ogg' };
  const message = server.chats.add(place, server.bot, {
    rows: keyboard(params),
    silent: flag(params.disable_notification),
    wire: isOpus ? { voice: file } : { document: about },
  });
  return server.chats.onWire(place, message);
}

function editMessageText(params: Json, server: Server): Json {
  const words = text(params);
  const [place, message] = own(params, server, 'edit');
  if (message.from.id !== server.bot.id) throw badRequest("message can't be edited");
  const rows = keyboard(params);
  if (words === message.text && JSON.stringify(rows) === JSON.stringify(message.rows))
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  server.chats.change(message, { text: words, rows });
  return server.chats.onWire(place, message);
}

function editMessageReplyMarkup(params: Json, server: Server): Json {
  const [place, message] = own(params, server, 'edit');
  const rows = keyboard(params);
  if (JSON.stringify(rows) === JSON.stringify(message.rows)) throw badRequest('message is not modified');
  server.chats.change(message, { rows });
  return server.chats.onWire(place, message);
}

function deleteMessage(params: Json, server: Server): true {
  const [, message] = own(params, server, 'delete');
  if (server.chats.seconds() - message.date > MAX_AGE_SECONDS)
    throw badRequest("message can't be deleted for everyone");
  server.chats.change(message, { deleted: true });
  return true;
}

function getFile(params: Json, { chats }: Server): Json {
  const fileId = String(params.file_id ?? '');
  const file = chats.files.get(fileId);
  if (!file) throw badRequest('invalid file_id');
  if (file.size > MAX_FILE) throw badRequest('file is too big');
  return { file_id: fileId, file_unique_id: `u${fileId}`, file_size: file.size, file_path: file.path };
}

async function getUpdates(params: Json, { updates }: Server, gone: AbortSignal): Promise<unknown> {
  updates.allow(object(params.allowed_updates, 'allowed_updates'));
  const limit = Math.min(100, Math.max(1, integer(params.limit, 100)));
  return await updates.take(integer(params.offset, 0), limit, integer(params.timeout, 0), gone);
}

function setWebhook(params: Json, { updates }: Server): true {
  updates.allow(object(params.allowed_updates, 'allowed_updates'));
  const url = String(params.url ?? '');
  const secret = typeof params.secret_token === 'string' ? params.secret_token : undefined;
  if (secret !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(secret))
    throw badRequest('secret token contains unallowed characters');
  updates.webhook = url === '' ? undefined : { url, ...(secret === undefined ? {} : { secret }) };
  if (flag(params.drop_pending_updates)) updates.pending = [];
  for (const update of updates.pending) updates.deliver(update);
  return true;
}

function deleteWebhook(params: Json, { updates }: Server): true {
  updates.webhook = undefined;
  if (flag(params.drop_pending_updates)) updates.pending = [];
  return true;
}

function getWebhookInfo(_params: Json, { updates }: Server): Json {
  return {
    url: updates.webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: updates.pending.length,
    ...(updates.webhookFailedAt === undefined
      ? {}
      : {
          last_error_date: updates.webhookFailedAt,
          last_error_message: 'Wrong response from the webhook: 503 Service Unavailable',
        }),
  };
}

/** By lower-case name: the Bot API does not tell apart `getMe` and `getme`. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    getMe: (_params: Json, { bot }: Server) => ({
      ...bot,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    }),
    getUpdates,
    setWebhook,
    deleteWebhook,
    getWebhookInfo,
    sendMessage,
    sendVoice,
    editMessageText,
    editMessageReplyMarkup,
    deleteMessage,
    getFile,
    answerCallbackQuery: (params: Json) => {
      if (!params.callback_query_id)
        throw badRequest('query is too old and response timeout expired or query ID is invalid');
      return true;
    },
    sendChatAction: (params: Json, server: Server) => Boolean(room(params, server)),
    setMyCommands: () => true,
    deleteMyCommands: () => true,
    setMyDescription: () => true,
    setMyShortDescription: () => true,
  } satisfies Record<string, Method>).map(([name, method]) => [name.toLowerCase(), method]),
);
