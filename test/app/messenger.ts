/** A messenger in memory: what is sent stands on phones, files lie ready to be fetched or do not. */
import type {
  Channel,
  FetchResult,
  IncomingContent,
  IncomingFile,
  OutgoingMessage,
  SendResult,
} from '../../src/channels/channel.ts';
import { TELEGRAM_CAPABILITIES } from '../../src/channels/telegram/capabilities.ts';
import type { FileKind } from '../../src/kernel/vocabulary.ts';

export type Phone = {
  readonly address: string;
  says(text: string): Promise<void>;
  /** Presses the button with this label under the newest message that has it. */
  presses(label: string): Promise<void>;
  /** Sends a file whose bytes can be fetched by `ref`. */
  sends(kind: FileKind, ref: string, more?: Partial<IncomingFile>): Promise<void>;
  /** Does anything else. */
  does(content: IncomingContent): Promise<void>;
  /** Everything on the screen, oldest first. */
  screen(): string[];
  last(): string;
};

const MAX_FILE_BYTES = 3_000_000;

type Shown = { ref: string; message: OutgoingMessage };

type Files = Map<string, () => FetchResult | Promise<FetchResult>>;
/** What stands on phones, and which files lie ready. */
export type Shelf = { screens: Map<string, Shown[]>; files: Files; count: number };

/** `before`: what is there already. */
export function createPhones(before?: Shelf) {
  const screens = new Map<string, Shown[]>(before?.screens);
  /** What fetching a file gives, by its `ref`; unknown: gone. */
  const files: Files = new Map(before?.files);
  /** What becomes of a message to an address, instead of arriving. */
  const failing = new Map<string, SendResult | Promise<SendResult>>();
  let count = before?.count ?? 0;

  const send = async (address: string, message: OutgoingMessage): Promise<SendResult> => {
    const failure = await failing.get(address);
    if (failure) return failure;
    count += 1;
    const ref = String(count);
    screens.set(address, [...(screens.get(address) ?? []), { ref, message }]);
    return { ok: true, messageRef: ref };
  };

  const change = (address: string, ref: string, to: OutgoingMessage | undefined): SendResult => {
    const shown = screens.get(address) ?? [];
    screens.set(
      address,
      shown.flatMap((each) => (each.ref !== ref ? [each] : to ? [{ ref, message: to }] : [])),
    );
    return { ok: true, messageRef: ref };
  };

  const channel: Channel = {
    kind: 'telegram',
    can: { ...TELEGRAM_CAPABILITIES, maxFileBytes: MAX_FILE_BYTES },
    start: async () => undefined,
    stop: async () => undefined,
    send,
    edit: async (address, ref, message) => change(address, ref, message),
    retract: async (address, ref) => change(address, ref, undefined),
    fetchFile: async (file) =>
      (await files.get(file.ref)?.()) ?? { ok: false, reason: 'gone', code: 'unknown_file' },
    health: () => ({ state: 'up', since: new Date(0) }),
  };

  return {
    channel,
    files,
    failing,
    /** All that is there now, for other phones to begin with. */
    shelf: (): Shelf => ({ screens: new Map(screens), files: new Map(files), count }),
    /** Lets a file be fetched, in pieces as a network brings them. */
    upload(ref: string, bytes: Uint8Array): void {
      files.set(ref, () => ({ ok: true, stream: ReadableStream.from(inPieces(bytes)) }));
    },
    of(address: string, does: (content: IncomingContent) => Promise<void>): Phone {
      const shown = () => screens.get(address) ?? [];
      const screen = () => shown().map(({ message }) => message.text);
      return {
        address,
        does,
        screen,
        last: () => screen().at(-1) ?? '',
        says: (text) => does({ kind: 'text', text }),
        sends: (kind, ref, more = {}) => does({ kind: 'file', file: { kind, ref, ...more } }),
        async presses(label) {
          const buttons = shown().flatMap(({ message }) => message.rows?.flat() ?? []);
          const button = buttons.findLast((each) => each.label.includes(label));
          if (!button)
            throw new Error(`no button "${label}" among ${buttons.map((b) => b.label).join(', ')}`);
          await does({ kind: 'button', data: button.data });
        },
      };
    },
  };
}

function* inPieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 64 * 1024) yield bytes.subarray(from, from + 64 * 1024);
}
