/** What guardian and service say to each other. Keys of messages are keyed hashes: nothing here names anybody. */

/** `frozen`: it gave no sign of life; `ended`: it ended by itself, or was ended from outside. */
export type FallKind = 'frozen' | 'ended';

/** What the guardian knows of the runs before this one. */
export type Found = {
  /** The guardian: the same for each run that it starts. */
  guardian: string;
  /** How often the service fell within the last hour, and how the last one was. */
  falls: { agoMs: number; kind: FallKind }[];
  /** What was being handled when it fell, and how often: messages until they are counted in the database, other work for a day. */
  suspects: { key: string; times: number }[];
  /** What of it the supervisors were told within this hour. */
  told: Told | undefined;
};
export type Told = 'once' | 'again';

export type FromService =
  | { is: 'beat' }
  /** It lives and wants to know what was before. */
  | { is: 'asks' }
  /** Everybody can write and is heard. */
  | { is: 'ready' }
  /** A start that would fail in the same way again: settings that cannot be used. */
  | { is: 'refuses' }
  /** It could not start this time. */
  | { is: 'failed' }
  /** `isSole`: nothing else can run until it ends. */
  | { is: 'begins'; key: string; isSole?: boolean }
  | { is: 'ends'; key: string }
  /** The suspects stand in the database. */
  | { is: 'counted' }
  | { is: 'told'; told: Told };
