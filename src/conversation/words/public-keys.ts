/** Every text of `locales/<language>/public.yaml`, with the placeholders it is given: the public page, and what is printed. */
export const PUBLIC_KEYS = {
  title: [],
  about: [],
  /** How the bot is reached. */
  'write.title': [],
  'write.danger': [],
  'write.how': [],
  /** No channel is known at the moment. */
  'write.unknown': [],
  /** What the page and the browser keep of a visit, and how it is erased. */
  'safety.title': [],
  'safety.page': [],
  'safety.leave': [],
  'safety.android': [],
  'safety.iphone': [],
  'safety.computer': [],
  'safety.tor': [],
  chapters: [],
  /** Beside a sentence that nobody compared with its source yet. */
  unchecked: [],
  /** Beside a contact outside. */
  verified_on: ['day'],
  'sources.title': [],
  'sources.reported': [],
  made_on: ['day'],
  /** Of a language that no native speaker has signed. */
  draft: [],
  // --- on paper
  'print.front': [],
  'print.front_more': [],
  'print.danger': [],
  'print.scan': [],
  'print.speak': [],
  'print.keep': [],
  'print.elsewhere': [],
  'print.at_page': ['address'],
  'print.at_bot': [],
  'print.made_on': ['day'],
} as const satisfies Record<string, readonly string[]>;

export type PublicKey = keyof typeof PUBLIC_KEYS;
