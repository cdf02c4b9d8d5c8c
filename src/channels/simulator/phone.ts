import type { Item, PhoneEvent, Snapshot } from './api.ts';

/** Messages one phone remembers; older ones are forgotten first. */
const MAX_ITEMS = 400;

export type Listener = (event: PhoneEvent) => void;

/** One simulated phone: what stands on its screen, and who is watching it. In memory only. */
export class Phone {
  readonly address: string;
  blocked = false;
  connected = true;
  /** What the person did while the phone had no network, and what waits for its turn. */
  readonly outbox: (() => Promise<void>)[] = [];
  private items: Item[] = [];
  private readonly listeners = new Set<Listener>();

  constructor(address: string) {
    this.address = address;
  }

  get isWatched(): boolean {
    return this.listeners.size > 0;
  }

  /** Tells the listener everything there is, then every change, until the returned function is called. */
  watch(listener: Listener): () => void {
    listener(this.snapshot());
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  find(id: string): Item | undefined {
    return this.items.find((item) => item.id === id);
  }

  show(item: Item): void {
    this.items = [...this.items, item].slice(-MAX_ITEMS);
    this.tell({ type: 'message', item });
  }

  change(id: string, changes: Partial<Item>): Item | undefined {
    const item = this.replace(id, changes);
    if (item) this.tell({ type: 'edited', item });
    return item;
  }

  remove(id: string): boolean {
    const before = this.items.length;
    this.items = this.items.filter((item) => item.id !== id);
    if (this.items.length === before) return false;
    this.tell({ type: 'deleted', id });
    return true;
  }

  markReceived(id: string): void {
    if (this.replace(id, { received: true })) this.tell({ type: 'received', id });
  }

  press(id: string, label: string): void {
    this.tell({ type: 'pressed', id, label });
  }

  setState(state: { blocked?: boolean; connected?: boolean }): void {
    this.blocked = state.blocked ?? this.blocked;
    this.connected = state.connected ?? this.connected;
    this.tell({ type: 'state', blocked: this.blocked, connected: this.connected });
  }

  private replace(id: string, changes: Partial<Item>): Item | undefined {
    const index = this.items.findIndex((item) => item.id === id);
    const old = this.items[index];
    if (!old) return undefined;
    const item: Item = { ...old, ...changes };
    this.items[index] = item;
    return item;
  }

  private snapshot(): Snapshot {
    return { type: 'snapshot', items: [...this.items], blocked: this.blocked, connected: this.connected };
  }

  private tell(event: PhoneEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
