/** What a messenger says of its own tables: which go into a backup, and which do not, and why. */
export type InBackup = {
  of: 'tables in a backup';
  /** `withoutSession`: the rows that go in where the operator does not want its session saved; absent: all of them. */
  goesIn: Readonly<Record<string, { withoutSession?: string }>>;
  staysOut: Readonly<Record<string, string>>;
};

export const inBackup = (said: Omit<InBackup, 'of'>): InBackup => ({ of: 'tables in a backup', ...said });

export const isInBackup = (value: unknown): value is InBackup =>
  typeof value === 'object' && value !== null && 'of' in value && value.of === 'tables in a backup';
