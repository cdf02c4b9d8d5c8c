import { useEffect, useState } from 'preact/hooks';
import type { Gesture, Item, Outcome } from './api.ts';
import { Composer } from './composer.tsx';
import { Conversation } from './conversation.tsx';
import { Icon, Mark } from './icons.tsx';
import { Menu } from './menu.tsx';
import { clock } from './times.ts';
import type { Phone } from './use-phone.ts';
import type { Ringing } from './use-ringing.ts';
import { useWords, type Words } from './words.ts';

/** Milliseconds a note stays above the field. */
const NOTE_TIME = 6_000;

type Props = {
  phone: Phone;
  name: string;
  empty: string;
  openers: readonly string[];
  ringing?: Ringing;
  onGesture?: (gesture: Gesture) => void;
};

/** A phone as a person holds it. */
export function PhoneView({ phone, name, empty, openers, ringing, onGesture }: Props) {
  const words = useWords();
  const [note, setNote] = useState('');
  const [editing, setEditing] = useState<Item | null>(null);

  useEffect(() => {
    if (note === '') return undefined;
    const timer = setTimeout(() => setNote(''), NOTE_TIME);
    return () => clearTimeout(timer);
  }, [note]);

  const make = async (gesture: Gesture): Promise<Outcome> => {
    ringing?.answer();
    onGesture?.(gesture);
    const outcome = await phone.make(gesture);
    setNote(outcome.ok ? '' : words.failures[outcome.why]);
    return outcome;
  };

  const isCalled = !phone.isCut && ringing?.isRinging === true;
  return (
    <section
      class={`phone ${ringing?.isRinging ? 'is-ringing' : ''}`}
      aria-label={name}
      onPointerDown={() => ringing?.answer()}
    >
      <div class="glass">
        <StatusBar />
        <Head phone={phone} make={make} ringing={ringing} />
        <p class={`line-note ${isCalled ? 'is-alarm' : ''}`} role="status">
          {isCalled ? words.ringing : stateOf(phone, words)}
        </p>
        <Conversation
          screen={phone.screen}
          address={phone.address}
          empty={empty}
          openers={openers}
          onSay={(text) => void make({ type: 'text', text })}
          onPress={(id, data) => void make({ type: 'press', id, data })}
          onEdit={setEditing}
        />
        <p class="field-note" role="status">
          {note}
        </p>
        <Composer make={make} tell={setNote} editing={editing} stopEditing={() => setEditing(null)} />
      </div>
    </section>
  );
}

function stateOf({ screen, isCut }: Phone, words: Words): string {
  if (isCut) return words.cut;
  if (!screen.connected) return words.offline;
  return screen.blocked ? words.blocked : '';
}

function Head({ phone, make, ringing }: { phone: Phone; make: Phone['make']; ringing: Ringing | undefined }) {
  const words = useWords();
  const { blocked, connected } = phone.screen;
  const label = ringing?.hasSound ? words.soundOff : words.soundOn;
  return (
    <header class="head">
      <span class="avatar">
        <Mark />
      </span>
      <div class="head-words">
        <h3>{words.service}</h3>
        <p>{words.online}</p>
      </div>
      {ringing && (
        <button
          type="button"
          class="round"
          aria-pressed={ringing.hasSound}
          aria-label={label}
          title={label}
          onClick={() => ringing.setSound(!ringing.hasSound)}
        >
          <Icon name={ringing.hasSound ? 'bell' : 'bellOff'} />
        </button>
      )}
      <Menu
        icon="more"
        label={words.more}
        side="below"
        entries={[
          {
            label: connected ? words.networkOff : words.networkOn,
            act: () => void make({ type: 'network', connected: !connected }),
          },
          {
            label: blocked ? words.unblock : words.block,
            act: () => void make({ type: 'block', blocked: !blocked }),
          },
        ]}
      />
    </header>
  );
}

function StatusBar() {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 5_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="status-bar" aria-hidden="true">
      <span>{clock(now)}</span>
      <span class="speaker" />
      <span class="battery" />
    </div>
  );
}
