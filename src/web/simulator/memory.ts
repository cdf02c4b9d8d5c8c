/** The few things this browser remembers: the page's language, which phone the defender holds, how far the story is. */

const lasting = () => localStorage;
/** As long as the tab is open, also when the page is loaded again. */
const passing = () => sessionStorage;

/** Private windows may forbid storage: then nothing is remembered, and nothing breaks. */
function read(key: string, store: () => Storage = lasting): string | null {
  try {
    return store().getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string, store: () => Storage = lasting): void {
  try {
    store().setItem(key, value);
  } catch {
    // Not remembered.
  }
}

/** The language that was chosen here; at first the page's first one. */
export const rememberedLanguage = (): string => read('lakana-language') ?? '';
export const rememberLanguage = (language: string): void => write('lakana-language', language);

/** `defender` at first; after "start again" a number nobody has used. */
export function rememberedDefender(): string {
  const address = read('lakana-defender');
  return address && /^defender(-[a-z0-9]{1,12})?$/.test(address) ? address : 'defender';
}

export function newDefender(): string {
  const number = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const address = `defender-${number.toString(36)}`;
  write('lakana-defender', address);
  return address;
}

/** What there is to play, in its order. */
export const STORY = ['written', 'called', 'taken'] as const;
export type Scene = (typeof STORY)[number];

/** What has been played with this phone of the defender. */
export function rememberedScenes(address: string): ReadonlySet<Scene> {
  const [of, ...scenes] = (read('lakana-story', passing) ?? '').split(' ');
  return new Set(of === address ? (scenes as Scene[]) : []);
}

export function rememberScenes(address: string, scenes: ReadonlySet<Scene>): void {
  write('lakana-story', [address, ...scenes].join(' '), passing);
}
