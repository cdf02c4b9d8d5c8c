/** Every text of `locales/<language>/linking.yaml`, with the placeholders it is given: the page for linking a number. */
export const LINKING_KEYS = {
  title: [],
  waiting: [],
  'scan.title': [],
  /** A line for each step. */
  'scan.steps': [],
  'scan.note': [],
  'code.title': [],
  'code.steps': [],
  'code.note': [],
  'linked.title': [],
  'linked.next': [],
  'ended.title': [],
  'ended.next': ['tool'],
  'handset.title': [],
  'handset.why': [],
  /** A line for each rule. */
  'handset.rules': [],
} as const satisfies Record<string, readonly string[]>;
