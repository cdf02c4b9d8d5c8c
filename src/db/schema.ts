/**
 * Every table of the service, a file for each of its nouns. Migrations in `drizzle/` are generated from here
 * (`npm run migrations`).
 *
 * Invariants: what a person said, sent or is called stands here only encrypted (`bytea` columns whose name ends
 * in `sealed` or `body`, and `ciphertext`); an alert that is not closed has a next step with a time.
 * `sealed` says with which key: server (contact addresses, names), epoch (what is live), case (what is sealed).
 */
export * from './schema/alerts.ts';
export * from './schema/backups.ts';
export * from './schema/cases.ts';
export * from './schema/console.ts';
export * from './schema/deliveries.ts';
export * from './schema/holds.ts';
export * from './schema/officers.ts';
export * from './schema/people.ts';
export * from './schema/rights.ts';
export * from './schema/service.ts';
export * from './schema/texts.ts';
export * from './schema/voices.ts';
export * from './schema/whatsapp.ts';
