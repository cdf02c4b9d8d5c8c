/** What stands on a phone, as a pure function of what happened to it. */
import type { Item, PhoneEvent } from '../../channels/simulator/api.ts';

export type Screen = {
  items: Item[];
  /** What stands on the phone is known. */
  isKnown: boolean;
  /** The label last pressed under a message, by the message's id. */
  pressed: Readonly<Record<string, string>>;
  blocked: boolean;
  connected: boolean;
  /** The service began anew and its simulated phones are empty; what was said is kept all the same. */
  wasEmptied: boolean;
};

export const EMPTY_SCREEN: Screen = {
  items: [],
  isKnown: false,
  pressed: {},
  blocked: false,
  connected: true,
  wasEmptied: false,
};

export function afterEvent(screen: Screen, event: PhoneEvent): Screen {
  switch (event.type) {
    case 'snapshot':
      return afterSnapshot(screen, event);
    case 'message':
      return { ...screen, items: [...screen.items, event.item] };
    case 'edited':
      return withItem(screen, event.item.id, () => event.item);
    case 'deleted':
      return { ...screen, items: screen.items.filter((item) => item.id !== event.id) };
    case 'received':
      return withItem(screen, event.id, (item) => ({ ...item, received: true }));
    case 'pressed':
      return { ...screen, pressed: { ...screen.pressed, [event.id]: event.label } };
    case 'state':
      return { ...screen, blocked: event.blocked, connected: event.connected };
  }
}

function afterSnapshot(screen: Screen, snapshot: Extract<PhoneEvent, { type: 'snapshot' }>): Screen {
  const { items, blocked, connected } = snapshot;
  const known = new Set(items.map((item) => item.id));
  const isForgotten = screen.items.length > 0 && !screen.items.some((item) => known.has(item.id));
  return {
    ...screen,
    items,
    isKnown: true,
    blocked,
    connected,
    wasEmptied: screen.wasEmptied || isForgotten,
  };
}

function withItem(screen: Screen, id: string, change: (item: Item) => Item): Screen {
  return { ...screen, items: screen.items.map((item) => (item.id === id ? change(item) : item)) };
}
