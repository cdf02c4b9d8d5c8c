/** Which parts of the console's words a room shows: each is fetched by itself (`console.yaml`). */
import type { CONSOLE_KEYS } from '../../conversation/words/console-keys.ts';
import type { Place } from './place-of.ts';

type PartOf<Key> = Key extends `${infer Part}.${string}` ? Part : never;
export type Part = PartOf<keyof typeof CONSOLE_KEYS>;
type Room = Place['is'] | 'sign_in';

const FURTHER: Readonly<Record<Room, readonly Part[]>> = {
  sign_in: [],
  join: [],
  make_key: [],
  inbox: ['inbox', 'rights'],
  case: ['case', 'rights'],
  dossier: ['case', 'rights', 'dossier'],
  people: ['team', 'devices'],
  me: ['devices'],
  audit: ['log', 'rights'],
  doctor: ['doctor'],
  retention: ['retention', 'rights'],
  texts: ['texts', 'voices'],
};

/** The frame of the page and the way in, and what this room says itself. */
export const partsAt = (room: Room): readonly Part[] => ['shell', 'entry', ...FURTHER[room]];
