/** What the build makes of `locales/` (`vite.words.ts`): the languages on offer, and where the words of each part lie. */
declare module 'virtual:words/*' {
  export const languages: readonly { code: string; name: string }[];
  export const files: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

declare module 'virtual:worker-words' {
  export const words: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
