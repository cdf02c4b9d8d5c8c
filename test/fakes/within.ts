/** Milliseconds after which what does not happen is taken to hang: a busy machine is slow, and nothing is wrong with that. */
export const WITHIN = 30_000;
