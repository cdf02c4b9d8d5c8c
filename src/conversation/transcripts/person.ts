/** People who are made up, and what they say to the service: `docs/conversations/people.yaml`. */
import { z } from 'zod';

/**
 * One thing that a person does, or that happens. Questions are named by their step, options by their code, so that a
 * conversation stays as it is meant when questions are moved.
 */
const doing = z.union([
  /** Words. */
  z.string(),
  z.strictObject({ says: z.string(), status: z.array(z.string()).optional(), ends: z.boolean().optional() }),
  /** One option, by its code. */
  z.strictObject({ pick: z.string() }),
  /** Several, where several may be chosen. */
  z.strictObject({ picks: z.array(z.string()).min(1) }),
  /** `skip`, `done`, `back`, `help` …: the button, or its label typed. */
  z.strictObject({ command: z.string() }),
  /** A voice note, with what is in it: the service does not hear that, who reads the page does. */
  z.strictObject({ voice: z.string() }),
  z.strictObject({ photo: z.string() }),
  /** Nothing for so long; `note` says it. */
  z.strictObject({ waits: z.string().regex(/^\d+ (minutes|hours|days)$/), note: z.string() }),
  /** What the service says unasked since an officer did something; `note` says what. */
  z.strictObject({ service: z.string(), note: z.string() }),
]);
export type Doing = z.output<typeof doing>;

const person = z.strictObject({
  /** Of the page: small letters and hyphens. */
  file: z.string().regex(/^[a-z-]+$/),
  title: z.string(),
  about: z.string(),
  /** Whose words on deleting a chat are said, and whether there are buttons there. */
  messenger: z.string(),
  hasButtons: z.boolean(),
  begins: z.iso.datetime(),
  /** A draft that is on offer to this person besides. */
  draft: z.string().optional(),
  reference: z.string(),
  /** What is said before anything was asked. */
  first: z.array(doing).min(1),
  /** By step; a question that is not here is passed over. */
  answers: z.record(z.string(), z.union([doing, z.array(doing)])).default({}),
  /** What is done once there is nothing more to answer, one after the other. */
  afterwards: z.array(doing).default([]),
});
export type InventedPerson = z.output<typeof person>;

export const peopleSchema = z.strictObject({
  /** What stands on the pages beside what is said. */
  page: z.record(z.string(), z.string()),
  people: z.array(person).min(1),
});
export type People = z.output<typeof peopleSchema>;
