import { unreachable } from '../../kernel/errors.ts';
import type { IncomingContent, Option, OutgoingMessage } from '../channel.ts';
import type { Attachment, Gesture, Item } from './api.ts';

/** A gesture that becomes a message on the phone's screen. */
export type Spoken = Extract<Gesture, { type: 'text' | 'file' | 'location' | 'card' | 'sticker' }>;

/** What such a gesture looks like on the phone. */
export function drawn(gesture: Spoken): { text: string; attachment?: Attachment } {
  switch (gesture.type) {
    case 'text':
      return { text: gesture.text };
    case 'file': {
      const length = gesture.seconds === undefined ? {} : { seconds: gesture.seconds };
      return { text: gesture.caption ?? '', attachment: { type: 'file', kind: gesture.kind, ...length } };
    }
    case 'location': {
      const { latitude, longitude } = gesture;
      return { text: '', attachment: { type: 'location', latitude, longitude } };
    }
    case 'card': {
      const { name, number } = gesture;
      return { text: '', attachment: { type: 'card', name, number } };
    }
    case 'sticker':
      return { text: '', attachment: { type: 'sticker' } };
    default:
      return unreachable(gesture);
  }
}

/** What such a gesture is to the service; `ref` and `size` are those of its file, if it is one. */
export function spoken(gesture: Spoken, ref: string, size: number): IncomingContent {
  switch (gesture.type) {
    case 'text':
      return { kind: 'text', text: gesture.text };
    case 'file': {
      const { kind, mediaType, seconds, caption } = gesture;
      const file = { kind, ref, size, mediaType, ...(seconds === undefined ? {} : { seconds }) };
      return { kind: 'file', file, ...(caption ? { caption } : {}) };
    }
    case 'location':
      return { kind: 'location', latitude: gesture.latitude, longitude: gesture.longitude };
    case 'card':
      return { kind: 'card', what: 'contact', words: `${gesture.name}\n${gesture.number}` };
    case 'sticker':
      return { kind: 'unsupported', what: 'sticker' };
    default:
      return unreachable(gesture);
  }
}

/** The part of a phone's message that the service decides. */
export function written(message: OutgoingMessage): Pick<Item, 'text' | 'rows' | 'attachment'> {
  const { voice } = message;
  if (voice) return { text: '', attachment: { type: 'file', kind: 'voice', seconds: voice.seconds } };
  const rows = (message.rows ?? []).filter((row) => row.length > 0);
  return { text: message.text, rows: rows.map((row) => row.map(({ label, data }) => ({ label, data }))) };
}

/** Every button of a message that may be pressed. */
export function buttonOf(item: Item, data: string): Option | undefined {
  return item.rows?.flat().find((button) => button.data === data);
}
