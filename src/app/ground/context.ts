import type { Retention } from '../../cases/retention.ts';
import { createTriage, whysOf } from '../../cases/triage.ts';
import type { Channel } from '../../channels/channel.ts';
import type { Conversation } from '../../conversation/asking/turn.ts';
import { FRESH_DAYS } from '../../conversation/flows/outside-contacts.ts';
import type { Texts } from '../../conversation/words/texts.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { type DatabaseClock, databaseClock } from '../../db/clock.ts';
import type { Db } from '../../db/database.ts';
import type { DiskRoom } from '../../db/disk-room.ts';
import { createLog, type Log } from '../../kernel/log.ts';
import type { ChannelKind, PageDetail } from '../../kernel/vocabulary.ts';
import { createEpochs, type Epochs } from '../keys/epochs.ts';
import { createReceiptCodes, type ReceiptCodes } from '../keys/receipt-codes.ts';
import type { Unsaved } from './during-outage.ts';
import type { Jobs } from './jobs.ts';
import { createLivingContent, type LivingContent } from './living-content.ts';
import type { FlowContent } from './load-flows.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { UnderWay } from './under-way.ts';
import { NO_VOICES, type Voices } from './voices.ts';

/** What every use case is given. `createContext` makes it, once for a process; nothing here is global. */
export type Context = {
  db: Db;
  /** Time is the database's: read once per transaction, passed on as a value. Tests replace it. */
  clock: DatabaseClock;
  keyring: Keyring;
  epochs: Epochs;
  /** Whom cases are sealed to: recipient group and age recipient (public half of the team's key). */
  team: { group: 'team'; recipient: string };
  texts: Texts;
  /** The same texts as files, and how they are replaced. */
  content: LivingContent;
  /** How long cases are kept once they have ended. */
  retention: Retention;
  /** Why each triage rule is there, by id. */
  triageWhys: ReadonlyMap<string, string>;
  /** What `step` is given: flows, lists, texts, triage. */
  conversation: Conversation;
  channels: ReadonlyMap<ChannelKind, Channel>;
  settings: Settings;
  log: Log;
  metrics: Metrics;
  jobs: Jobs;
  receiptCodes: ReceiptCodes;
  /** Tells people that nothing can be saved while the database is away. */
  unsaved: Unsaved;
  /** Marks what is being worked on; absent: nobody counts falls. */
  underWay?: UnderWay;
  /** Room for files; absent: nobody looks, and nothing is declined for it. */
  diskRoom?: Pick<DiskRoom, 'state' | 'look'>;
  /** Recordings of what is asked; without any nothing is heard. */
  voices: Voices;
  /**
   * Wakes a cycle of this process (and, by NOTIFY, of the others) after the commit; `inMs`: when that which was put by for so long
   * is due. Losing it is harmless.
   */
  nudge: (
    cycle: 'pages' | 'words' | 'replies' | 'escalate' | 'timers' | 'stuck' | 'texts' | 'list',
    inMs?: number,
  ) => void;
};

/** How much of files is taken, in bytes. */
export type FileBudgets = {
  /** All files of one person in one day. */
  perPerson: number;
  /** Voice notes of one person in one day, before they count as files. */
  voice: number;
  /** All files of one case. */
  perCase: number;
};

type Settings = {
  /** IANA name, default Africa/Bamako. */
  timeZone: string;
  languages: readonly string[];
  defaultLanguage: string;
  /** What a page may carry besides reference and level. */
  alertDetail: PageDetail;
  /** Where the console stands, as `https://lakana.example.org/console/`: pages link there. Absent: they do not. */
  consoleUrl?: string;
  /** Whom to tell that no supervisor, or nobody, may have a case: an address of a way of `contact-address.ts`. Absent: nobody. */
  outsideContact?: { way: ChannelKind; address: string };
  /** Messages a minute from one contact before it is slowed; default 30. */
  floodPerMinute: number;
  /** How many days a contact outside counts as verified; default 180. */
  contactsFreshDays: number;
  /** How much of files is taken; absent: the usual. */
  files?: FileBudgets;
  /** Backups are made: a case is said to be erased once the list beside them holds it. */
  hasBackups: boolean;
};

/** What nobody but the caller can know. */
type Given = {
  db: Db;
  keyring: Keyring;
  /** Public half of the team's key. */
  recipient: string;
  content: FlowContent | LivingContent;
  /** What the operator has set: the whole configuration will do. Default: as an installation without settings. */
  settings?: Partial<Omit<Settings, 'consoleUrl' | 'hasBackups'>> & { publicUrl?: string; backup?: unknown };
  /** Default: none. */
  channels?: Iterable<Channel>;
  /** Default: none. */
  voices?: (content: () => Pick<Conversation, 'flows' | 'texts'>) => Voices;
};

/** The parts that run in a service. A service gives all of them; each stands still in a process that is none. */
export type Running = Required<
  Pick<
    Context,
    | 'clock'
    | 'epochs'
    | 'log'
    | 'metrics'
    | 'jobs'
    | 'receiptCodes'
    | 'unsaved'
    | 'underWay'
    | 'diskRoom'
    | 'nudge'
  >
>;

/**
 * Makes the context of a service, of a command, of a bench or of a test. Without `running` the clock is the database's, the
 * log is silent, no job is asked for, nobody is told of an outage and no cycle is woken: what is queued is for the service.
 */
export function createContext({
  db,
  keyring,
  recipient,
  content: given,
  settings = {},
  channels = [],
  voices: voicesOf = () => NO_VOICES,
  ...running
}: Given & Partial<Running>): Context {
  const content = 'lay' in given ? given : createLivingContent(given);
  const { flows, texts, triageRules, retention, patience, burst, twice, unchecked } = content;
  const { timeZone = 'Africa/Bamako', languages = texts.languages, defaultLanguage = 'fr' } = settings;
  const { alertDetail = 'level', floodPerMinute = 30, contactsFreshDays = FRESH_DAYS } = settings;
  const { files, outsideContact, publicUrl, backup } = settings;
  const voices: Voices = voicesOf(() => ctx.conversation);
  const ctx: Context = {
    db,
    clock: databaseClock,
    keyring,
    epochs: running.epochs ?? createEpochs(db, keyring),
    team: { group: 'team', recipient },
    texts,
    content,
    retention,
    triageWhys: whysOf(triageRules),
    conversation: {
      flows,
      get texts() {
        return content.current();
      },
      lists: flows.lists,
      timeZone,
      contactsFreshDays,
      triage: createTriage(triageRules, flows),
      isSpoken: (language) => ctx.voices.isSpoken(language),
      ...(patience === undefined ? {} : { patience }),
      ...(burst === undefined ? {} : { burst }),
      ...(twice === undefined ? {} : { twice }),
      ...(unchecked === undefined ? {} : { unchecked }),
    },
    channels: new Map(Array.from(channels, (each) => [each.kind, each])),
    settings: {
      timeZone,
      // A draft that is not on offer is spoken to nobody.
      languages: languages.filter((each) => texts.languages.includes(each)),
      defaultLanguage,
      alertDetail,
      floodPerMinute,
      contactsFreshDays,
      hasBackups: backup !== undefined,
      ...(files ? { files } : {}),
      ...(outsideContact ? { outsideContact } : {}),
      ...(publicUrl ? { consoleUrl: new URL('/console/', publicUrl).href } : {}),
    },
    log: createLog('silent'),
    metrics: createMetrics(),
    jobs: { fetchEvidence: async () => undefined, hurryEvidence: async () => undefined },
    receiptCodes: running.receiptCodes ?? createReceiptCodes(keyring),
    unsaved: { tell: async () => undefined, databaseAnswers: () => undefined },
    nudge: () => undefined,
    voices,
    ...running,
  };
  return ctx;
}
