/** The plan of the house, as `architecture.test.ts` holds every import against it and `docs.test.ts` the pages. */

/** docs/design.md, section 3: a file imports from its own folder and from lower ranks only. */
export const RANKS: Readonly<Record<string, number>> = {
  kernel: 0,
  crypto: 1,
  conversation: 1,
  cases: 2,
  alerts: 2,
  channels: 3,
  db: 3,
  contract: 4,
  backup: 4,
  app: 5,
  http: 6,
  web: 6,
  messengers: 7,
  commands: 7,
  doctor: 7,
  service: 7,
  '': 7,
};

/** The rooms of a floor, lowest first; those in one row are of one rank. */
export const ROOMS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  app: [
    ['keys'],
    ['ground'],
    ['records'],
    ['changes'],
    ['voices'],
    ['duty'],
    ['watch', 'texts'],
    ['alerts'],
    ['retention'],
    ['reporters'],
    ['decisions'],
    ['officer-chat', 'sending'],
    ['console', 'members', 'intake', 'keeping'],
  ],
  conversation: [
    ['values', 'diagnosis'],
    ['reading'],
    ['words'],
    ['said'],
    ['flows'],
    ['chapters'],
    ['checks', 'asking'],
    ['meaning', 'signals'],
    ['steps'],
    ['transcripts'],
  ],
};
