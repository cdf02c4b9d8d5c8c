/** Where things lie on the machine: said to nobody who does not sit at it. */
import { type Config, readSetting } from '../config.ts';

/** Settings whose values are paths. */
const PATHS = [
  'DATA_DIR',
  'CONTENT_DIR',
  'SERVER_KEY_FILE',
  'TEAM_RECIPIENT_FILE',
  'SIGNING_KEY_FILE',
  'BACKUP_RECIPIENT_FILE',
  'BACKUP_TARGET',
];

/** Folders of a machine by which a path is known as one. */
const FOLDERS = new Set(
  [
    'etc',
    'var',
    'opt',
    'home',
    'srv',
    'run',
    'root',
    'usr',
    'tmp',
    'mnt',
    'media',
    'data',
    'work',
    'app',
  ].map((name) => `/${name}`),
);
const PATH = /\/[^\s(),;:]+/g;
const ADDRESS = /\b[a-z]{2,12}:\/\/[^\s(),;]+/g;

/** Places that are set, by the name of the setting. */
export async function placesOf({ dataDir, contentDir }: Config): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of PATHS) {
    const value = await readSetting(name);
    if (value?.includes('/')) found.set(value, name);
  }
  if (contentDir) found.set(contentDir, 'CONTENT_DIR');
  return found.set(dataDir, 'DATA_DIR');
}

/** Has a place called by the name of its setting; what is no setting's is left out. */
export function createHiding(places: ReadonlyMap<string, string>): (line: string) => string {
  // The longest first: one may lie in another.
  const known = [...places].sort(([one], [other]) => other.length - one.length);
  return (line) => {
    let hidden = line;
    for (const [place, name] of known) hidden = hidden.replaceAll(place, name);
    return hidden.replaceAll(ADDRESS, '…').replaceAll(PATH, (path) => (isOfMachine(path) ? '…' : path));
  };
}

const isOfMachine = (path: string): boolean => {
  const end = path.indexOf('/', 1);
  return end > 0 && FOLDERS.has(path.slice(0, end));
};
