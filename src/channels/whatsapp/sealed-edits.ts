/**
 * Edits that are sealed with a secret of the message they change (`secretEncryptedMessage`): Baileys 7.0.0-rc14 hands them
 * on unread. The secret comes with the message itself and with nothing later, so it is kept as long as a message can be
 * edited.
 *
 * Invariant: a secret opens nothing but the edits of its message, whose words are kept elsewhere.
 */
import { createDecipheriv, hkdfSync } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import { minutes } from '../../kernel/time.ts';
import { inTurn } from './in-turn.ts';
import type { Jids } from './people.ts';
import type { SessionStore } from './session-store.ts';

/** `at`: milliseconds since 1970. */
type Secret = { id: string; secret: string; at: number };

/** WhatsApp lets people edit for a quarter of an hour. */
const EDITABLE = minutes(30);
const MOST = 10;
const SECRET_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PURPOSE = 'Message Edit';

const nameOf = (address: string): string => `edit-secrets/${address}`;

/** Keeps what opens later edits of this message. */
export async function rememberSecret(
  store: SessionStore,
  address: string,
  id: string,
  { messageContextInfo }: proto.IMessage,
): Promise<void> {
  const secret = messageContextInfo?.messageSecret;
  if (secret?.length !== SECRET_BYTES) return;
  await inTurn(store, nameOf(address), async () => {
    const now = Date.now();
    const others = (await secretsOf(store, address)).filter(
      (each) => each.id !== id && each.at > now - EDITABLE,
    );
    const all = [...others, { id, secret: Buffer.from(secret).toString('base64'), at: now }].slice(-MOST);
    await store.write(new Map([[nameOf(address), JSON.stringify(all)]]));
  });
}

async function secretsOf(store: SessionStore, address: string): Promise<Secret[]> {
  const text = (await store.read([nameOf(address)])).get(nameOf(address));
  return text ? (JSON.parse(text) as Secret[]) : [];
}

/** What a sealed edit says; undefined: it is none, or cannot be opened. Never throws for what a stranger sent. */
export async function openSealedEdit(
  store: SessionStore,
  address: string,
  from: Jids,
  { secretEncryptedMessage: sealed }: proto.IMessage,
): Promise<proto.IMessage | undefined> {
  const id = sealed?.targetMessageKey?.id;
  if (!sealed || !id || sealed.secretEncType !== MESSAGE_EDIT) return undefined;
  const found = (await secretsOf(store, address)).find((each) => each.id === id);
  if (!found) return undefined;
  const names = [from.lid, from.number].filter((name) => name !== undefined);
  for (const writer of names)
    for (const editor of names) {
      const message = opened(
        sealed,
        Buffer.from(found.secret, 'base64'),
        `${id}${writer}${editor}${PURPOSE}`,
      );
      if (message) return message;
    }
  return undefined;
}

/** `proto.Message.SecretEncryptedMessage.SecretEncType.MESSAGE_EDIT`. */
const MESSAGE_EDIT = 2;

function opened(
  { encPayload, encIv }: proto.Message.ISecretEncryptedMessage,
  secret: Uint8Array,
  info: string,
): proto.IMessage | undefined {
  if (encIv?.length !== IV_BYTES || !encPayload || encPayload.length <= TAG_BYTES) return undefined;
  try {
    const key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), info, SECRET_BYTES));
    const opening = createDecipheriv('aes-256-gcm', key, encIv);
    opening.setAuthTag(encPayload.subarray(-TAG_BYTES));
    const plain = [opening.update(encPayload.subarray(0, -TAG_BYTES)), opening.final()];
    return asEdit(proto.Message.decode(Buffer.concat(plain)));
  } catch {
    return undefined;
  }
}

/** Inside stands the edit itself, or only what the message says now. */
function asEdit(message: proto.IMessage): proto.IMessage {
  if (message.protocolMessage || message.editedMessage) return message;
  const type = proto.Message.ProtocolMessage.Type.MESSAGE_EDIT;
  return { protocolMessage: { type, editedMessage: message } };
}
