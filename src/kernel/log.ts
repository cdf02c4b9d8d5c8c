/**
 * The only way to write a log line.
 *
 * Invariants: an event's name comes from the closed list below and its fields are the scalars listed with
 * it. No text a person wrote, no name, number, address, token and no library's error object can be passed.
 * A caught error is reduced by `reduceError` to its name, code and method.
 */
import { type DestinationStream, pino } from 'pino';

/** Every event the service may log, with its fields. Add to it; never log free text. */
type LogEvents = {
  service_started: { mode: string; port: number; ms: number };
  service_stopping: { signal: string };
  service_stopped: { ms: number };
  service_fell: { because: string; times: number; messages: number };
  database_ready: { kind: 'embedded' | 'url'; migrations: number; ms: number };
  database_lost: ReducedError;
  database_back: { ms: number };
  backup_before_upgrade: { name: string };
  database_adopted: { pid: number };
  database_died: { pid: number };
  /** Another of the servers of DATABASE_URL is the primary, by its place there. */
  database_moved: { server: number };
  database_restarted: { pid: number };
  clock_skew: { ms: number };
  outage_recorded: { from: string; to: string };
  message_failed: { channel: string; attempts: number } & ReducedError;
  message_parked: { channel: string };
  work_parked: { work: string };
  channel_started: { channel: string };
  channel_failed: { channel: string } & ReducedError;
  channel_call_failed: { channel: string } & ReducedError;
  channel_conflict: { channel: string };
  channel_trouble: { channel: string; because: string; told: number };
  channel_works: { channel: string; told: number };
  number_switched: { channel: string; because: string };
  send_failed: { channel: string; reason: string; attempts: number; code?: string };
  send_crashed: { channel: string } & ReducedError;
  cycle_failed: { cycle: string } & ReducedError;
  job_failed: { job: string } & ReducedError;
  evidence_stored: { bytes: number; ms: number };
  evidence_refused: { reason: string };
  epoch_opened: { day: string };
  epoch_destroyed: { count: number };
  drafts_forgotten: { count: number };
  contacts_forgotten: { count: number };
  cases_erased: { count: number };
  erasure_unproved: { reference: string };
  retention_told: { count: number };
  retention_untold: { reference: string };
  time_jump: { seconds: number };
  case_opened: { reference: string; level: string };
  alert_raised: { reference: string; level: string };
  alert_step: { reference: string; step: string };
  drill: { reference: string; is: string };
  probe_failed: { channel: string; code: string };
  watchdog: { ok: boolean; because: string };
  watch_unheard: { code: string };
  alert_taken: { reference: string };
  codes_guessed: { count: number };
  earlier_rows_unsigned: { what: string; because: string };
  signed_once_not_noted: ReducedError;
  texts_seen_not_noted: ReducedError;
  /** At the start: the files say everything until they are. */
  texts_not_read: ReducedError;
  case_key_unproved: { reference: string; goesOn: string };
  plan_unreadable: { id: number } & Partial<ReducedError>;
  officer_enrolled: { role: string };
  http_request_failed: { route: string; status: number } & ReducedError;
  proxy_trouble: { is: string };
  promise_unheard: ReducedError;
  console_captured: { method: string; length: number };
  backup_made: { rows: number; bytes: number; ms: number; rehearsed: string };
  backup_failed: ReducedError;
  backup_tidied: { count: number };
  /** What lies in the place of the backups and is no file, has a name from the future, or does not go. */
  backup_strange: { count: number };
  backup_trouble: { is: string };
  lease_taken: { lease: string };
  lease_lost: { lease: string };
};

/** What is left of a caught error before it may be logged or stored. */
export type ReducedError = { error: string; code?: string; method?: string };

export type Log = {
  info<E extends keyof LogEvents>(event: E, fields: LogEvents[E]): void;
  warn<E extends keyof LogEvents>(event: E, fields: LogEvents[E]): void;
  error<E extends keyof LogEvents>(event: E, fields: LogEvents[E]): void;
};

/** How much is written, most first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Builds the logger. `destination` defaults to standard output; tests pass their own stream. */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    // A second net only: the types above are the first.
    redact: { paths: ['err', 'error.message', 'ctx', 'payload', 'token', 'text'], remove: true },
  };
  const writer = destination ? pino(options, destination) : pino(options);
  return {
    info: (event, fields) => writer.info({ event, ...fields }),
    warn: (event, fields) => writer.warn({ event, ...fields }),
    error: (event, fields) => writer.error({ event, ...fields }),
  };
}

const SAFE_WORD = /^[A-Za-z0-9_.-]{1,60}$/;

function safeWord(value: unknown): string | undefined {
  const word = typeof value === 'number' ? String(value) : value;
  return typeof word === 'string' && SAFE_WORD.test(word) ? word : undefined;
}

/**
 * Reduces anything thrown to name, code and method.
 *
 * grammY's and drizzle's errors carry tokens, message texts and query parameters in their messages
 * (docs/platform-facts.md, "Leaks"); the deepest `cause` with a code is what tells an operator something.
 */
export function reduceError(thrown: unknown): ReducedError {
  if (typeof thrown !== 'object' || thrown === null) return { error: typeof thrown };
  const error = thrown as {
    name?: unknown;
    code?: unknown;
    error_code?: unknown;
    method?: unknown;
    cause?: unknown;
  };
  const inner = error.cause ? reduceError(error.cause) : undefined;
  const code = safeWord(error.code) ?? safeWord(error.error_code) ?? inner?.code;
  const method = safeWord(error.method) ?? inner?.method;
  return {
    error: safeWord(error.name) ?? 'Error',
    ...(code === undefined ? {} : { code }),
    ...(method === undefined ? {} : { method }),
  };
}

/**
 * Replaces `console.*`, so that a library which prints (libsignal prints session keys) leaves only the fact
 * that it printed. Returns a function that puts the console back.
 */
export function captureConsole(log: Log): () => void {
  const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const;
  const originals = methods.map((method) => [method, console[method]] as const);
  for (const method of methods) {
    console[method] = (...parts: unknown[]) =>
      log.warn('console_captured', { method, length: parts.map((part) => String(part)).join(' ').length });
  }
  return () => {
    for (const [method, original] of originals) console[method] = original as never;
  };
}
