/** What lies in the place of the backups, and what it is called. */
export type Stored = { name: string; bytes: number };

export type Target = {
  /** How it is said to an operator. */
  shown: string;
  /** Every file of ours that is whole. */
  list(): Promise<Stored[]>;
  /** What has the name of one and is no file: links, pipes, folders. A bucket has only files. */
  strange?(): Promise<string[]>;
  /** Of the disk that it lies on; two places on one disk have the same. A bucket has none. */
  disk?(): Promise<number>;
  /** By which the place is known again, where another one could come in its stead: a disk that is not mounted. */
  mark?: Mark;
  /** Writes a file while its bytes come; resolves once it is safe. Nothing is left of it if that fails. */
  write(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Throws `no_such_backup`. */
  read(name: string): AsyncIterable<Uint8Array>;
  remove(name: string): Promise<void>;
  /** Takes away what runs that ended in the middle left; returns how much there was. Called by one process at a time. */
  tidy(): Promise<number>;
};

type Mark = {
  /** Undefined: this place was never begun. */
  read(): Promise<string | undefined>;
  /** Begins the place. `isMade`: the folder itself too; else throws `no_place` if it is not there. */
  make(given: { isMade: boolean }): Promise<string>;
};

/** The list of what was erased, beside the backups. */
export const ERASED = 'lakana-erased';

/** Of names from before, without milliseconds, too. */
const NAME = /^lakana-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)(?:-(\d\d\d))?Z\.(backup|links)$/;

/** `backup`: the database. `links`: what leads from what is open to the people, for three days. */
export type Part = 'backup' | 'links';

export function nameOf(asOf: Date, part: Part): string {
  return `lakana-${asOf.toISOString().slice(0, 23).replaceAll(/[:.]/g, '-')}Z.${part}`;
}

/** When a file was made and what it is, by its name; undefined: it is none of these. */
export function readName(name: string): { asOf: Date; part: Part } | undefined {
  const [, day, hour, minute, second, ms = '000', part] = NAME.exec(name) ?? [];
  const asOf = new Date(`${day}T${hour}:${minute}:${second}.${ms}Z`);
  return part === undefined || Number.isNaN(asOf.getTime()) ? undefined : { asOf, part: part as Part };
}

export const isOurs = (name: string): boolean => name === ERASED || readName(name) !== undefined;

/** Beside a backup. */
export const linksBeside = (name: string): string => name.replace(/\.backup$/, '.links');
