/** What an operator says of backups, read from the settings. */
import type { Secret } from '../kernel/secret.ts';

/** Where backups go. */
export type Place =
  /** `dataDir`: whose it is, the service runs as. */
  | { kind: 'folder'; path: string; dataDir?: string }
  | {
      kind: 's3';
      bucket: string;
      /** In front of every name; empty, or ends with a slash. */
      prefix: string;
      endpoint: string;
      region: string;
      keyId: string;
      secret: Secret;
    };

export type Settings = {
  place: Place;
  /** Public half of the key that opens them. */
  recipient: string;
  keepDays: number;
  /** Sessions of messengers go in too. */
  isSessionKept: boolean;
};
