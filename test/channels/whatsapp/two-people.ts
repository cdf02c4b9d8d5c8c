/**
 * Plays the stories of `story-steps.ts` through unpatched Baileys to the real channel on real PostgreSQL. A crash is
 * played inside this process: the connection is cut, and from that moment every call of the dead service fails,
 * wherever it stood.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'vitest';
import type { IncomingMessage, Receive } from '../../../src/channels/channel.ts';
import { createWhatsappChannel } from '../../../src/channels/whatsapp/whatsapp-channel.ts';
import { generateKeyringFile, parseKeyring } from '../../../src/crypto/keyring.ts';
import { createLease } from '../../../src/db/lease.ts';
import { captureConsole, createLog } from '../../../src/kernel/log.ts';
import { createTestDatabase } from '../../database.ts';
import type { Person } from '../../fakes/whatsapp/person.ts';
import { trust } from '../../fakes/whatsapp/trust.ts';
import { startFakeWhatsApp } from '../../fakes/whatsapp/whatsapp.ts';
import { type Stanza, userOf } from '../../fakes/whatsapp/wire.ts';
import { channelParts, link } from '../../linked-number.ts';
import {
  type Addressing,
  type Death,
  NAMES,
  type Name,
  type Order,
  type Step,
  type Story,
} from './story-steps.ts';

/** Turns of the event loop: enough for a message to be decrypted and refused. */
const MOMENT = 300;

/** What the service took in: by address, each message once, as the inbox sees to, which remembers earlier stories too. */
class Intake {
  readonly said = new Map<string, string[]>();
  readonly #ids: Set<string>;
  failures = 0;

  constructor(ids: Set<string>) {
    this.#ids = ids;
  }

  readonly receive: Receive = async ({ id, address, content }) => {
    await nextTurn();
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('it could not be saved');
    }
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    const text = content.kind === 'text' ? content.text : `(${content.kind})`;
    this.said.set(address, [...(this.said.get(address) ?? []), text]);
  };
}

/** Whether a service lives, where it will die, and whether its database answers. */
class Life {
  isAlive = true;
  hasDatabase = true;
  death: Death | undefined;
  readonly #onDeath: () => void;

  constructor(onDeath: () => void) {
    this.#onDeath = onDeath;
  }

  ends(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.#onDeath();
  }

  #passes(call: string, side: Death['side']): void {
    if (this.death?.call === call && this.death.side === side) this.ends();
    if (!this.isAlive || !this.hasDatabase) throw new Error('no database');
  }

  /** The same thing, which works as long as this life lasts. */
  of<T extends object>(thing: T): T {
    return new Proxy(thing, {
      get: (target, name) => {
        const value = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          this.#passes(String(name), 'before');
          const result = await value.apply(target, given);
          this.#passes(String(name), 'after');
          return result;
        };
      },
    });
  }
}

export type TwoPeople = Awaited<ReturnType<typeof openTwoPeople>>;

/** A linked number with the real channel behind it. `close()` it in the end. */
export async function openTwoPeople() {
  const database = await createTestDatabase();
  const whatsapp = await startFakeWhatsApp();
  const distrust = trust(whatsapp.credentials);
  const log = createLog('silent');
  const release = captureConsole(log);
  const keyring = parseKeyring(generateKeyringFile());
  const { db } = database;
  await link({ db, keyring }, whatsapp);
  const { first, staged, ...parts } = channelParts({ db, keyring }, createLease(db, 'whatsapp', { log }));
  const taken = new Set<string>();
  let intake = new Intake(taken);

  function startService() {
    const life = new Life(() => whatsapp.drops());
    const lease = createLease(db, 'whatsapp', { log });
    const living = { ...lease, isHeld: () => life.isAlive && lease.isHeld() };
    const channel = createWhatsappChannel({
      ...parts,
      numbers: [{ ...first, store: life.of(first.store), lease: living }],
      staged: life.of(staged),
      lease: living,
      socketUrl: whatsapp.url,
      log,
      connection: { timing: { leaseCheck: 5, connect: 5_000 }, wait: () => nextTurn() },
    });
    const mortal = life.of({ receive: (message: IncomingMessage) => intake.receive(message) });
    const started = channel.start(mortal.receive);
    return { life, lease, channel, started };
  }
  let service = startService();

  /** The lease of a dead service has run out: it is made to be now. */
  async function buryAndStart(): Promise<void> {
    const { channel, lease } = service;
    await Promise.all([lease.stop(), channel.stop()]);
    service = startService();
    await service.started;
  }

  const isHandled = async () => whatsapp.unconfirmed() === 0 && (await staged.waiting(1)).length === 0;
  const rests = async (): Promise<void> => {
    do {
      if (!service.life.isAlive) await buryAndStart();
      const { life } = service;
      // Looked at again and again: WhatsApp hears nothing of a service that dies before it connects.
      await expect.poll(async () => !life.isAlive || isHandled(), { interval: 5 }).toBe(true);
    } while (!service.life.isAlive);
  };

  /** Plays a story to its end and returns what each person said and what the service took in. */
  async function plays({ steps }: Story) {
    intake = new Intake(taken);
    const people: Record<Name, Person> = { Awa: whatsapp.person('Awa'), Issa: whatsapp.person('Issa') };
    const sent: Record<Name, { id: string }[]> = { Awa: [], Issa: [] };
    let isSilent = false;
    let heldOn: unknown;

    const inOrder = (order: Order) => (kept: Stanza[]) => {
      const [awa = [], issa = []] = NAMES.map((name) =>
        kept.filter(({ attrs }) => people[name].owns(userOf(attrs.from))),
      );
      const others = kept.filter((mail) => !awa.includes(mail) && !issa.includes(mail));
      if (order === 'as sent') return kept;
      if (order === 'Awa first') return [...others, ...awa, ...issa];
      if (order === 'Issa first') return [...others, ...issa, ...awa];
      const turns = Array.from({ length: Math.max(awa.length, issa.length) }, (_, n) => [awa[n], issa[n]]);
      return [...others, ...turns.flat().filter((mail) => mail !== undefined)];
    };
    const delivers = (order: Order): void => {
      // A phone that logs in anew gets everything anyway.
      if (heldOn && heldOn === whatsapp.account.line) whatsapp.delivers(inOrder(order));
      heldOn = undefined;
    };
    const networkReturns = (): void => {
      if (isSilent) whatsapp.drops();
      isSilent = false;
    };
    const addressed = (name: Name, { by, alone }: Addressing): Person => {
      people[name].isAddressedBy(by, { alone });
      return people[name];
    };

    const play = async (step: Step): Promise<void> => {
      switch (step.does) {
        case 'says': {
          const text = `${step.who} ${sent[step.who].length + 1}`;
          sent[step.who].push(await addressed(step.who, step).says(text));
          return;
        }
        case 'comes twice': {
          const message = sent[step.who].at(-1 - step.back);
          if (message) whatsapp.repeats(message);
          return;
        }
        case 'is sent again': {
          const message = sent[step.who].at(-1 - step.back);
          if (message) await addressed(step.who, step).sendsAgain(message);
          return;
        }
        case 'holds':
          if (!whatsapp.account.active) return;
          heldOn = whatsapp.account.line;
          return whatsapp.holds();
        case 'delivers':
          return delivers(step.order);
        case 'drops':
          isSilent = false;
          return whatsapp.drops();
        case 'falls silent':
          isSilent = true;
          return whatsapp.fallsSilent();
        case 'closes':
          return whatsapp.closes(step.code);
        case 'loses a receipt':
          return whatsapp.fail({ on: 'receipt', with: 'drop' });
        case 'cannot save':
          intake.failures += 1;
          return;
        case 'restarts':
          await service.channel.stop();
          service = startService();
          return service.started;
        case 'loses the database':
        case 'has the database back':
          service.life.hasDatabase = step.does === 'has the database back';
          return;
        case 'dies':
          service.life.death = step;
          return;
        case 'goes on':
          for (let turn = 0; turn < MOMENT; turn++) await nextTurn();
          return;
        case 'rests':
          delivers('as sent');
          networkReturns();
          service.life.hasDatabase = true;
          return rests();
      }
    };
    for (const step of steps) {
      await play(step);
      if (!service.life.isAlive) await buryAndStart();
    }
    service.life.death = undefined;
    service.life.hasDatabase = true;
    delivers('as sent');
    networkReturns();
    whatsapp.heal();
    await rests();
    return { people, sent, said: intake.said };
  }

  return {
    whatsapp,
    plays,
    /** Says something to everybody at these addresses. */
    async answers(texts: ReadonlyMap<string, string>): Promise<void> {
      await whatsapp.isReady();
      await expect.poll(() => service.channel.health().state, { interval: 5 }).toBe('up');
      // As the outbox does: a connection that breaks under it is tried again, with the same message.
      for (const [address, text] of texts)
        await expect
          .poll(() => service.channel.send(address, { text, key: address }, AbortSignal.timeout(5_000)), {
            interval: 5,
          })
          .toEqual(expect.objectContaining({ ok: true }));
    },
    async close(): Promise<void> {
      await service.channel.stop();
      await whatsapp.close();
      distrust();
      release();
      await database.close();
    },
  };
}
