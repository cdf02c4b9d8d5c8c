import { useEffect, useState } from 'preact/hooks';
import type { Gesture, Item } from '../../channels/simulator/api.ts';
import type { Outcome } from './api.ts';
import { Composer } from './composer.tsx';
import { Conversation } from './conversation.tsx';
import { Icon, Mark } from './icons.tsx';
import { Menu } from './menu.tsx';
import { clock } from './times.ts';
import type { Phone } from './use-phone.ts';
import type { Ringing } from './use-ringing.ts';
import { type T, useWords } from './words.ts';

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
  const { t } = useWords();
  const [note, setNote] = useState('');
  const [editing, setEditing] = useState<Item | null>(null);
  const [quoting, setQuoting] = useState<Item | null>(null);

  useEffect(() => {
    if (note === '') return undefined;
    const timer = setTimeout(() => setNote(''), NOTE_TIME);
    return () => clearTimeout(timer);
  }, [note]);

  const make = async (gesture: Gesture): Promise<Outcome> => {
    ringing?.answer();
    onGesture?.(gesture);
    const isReply = quoting !== null && mayReply(gesture);
    const outcome = await phone.make(isReply ? { ...gesture, quotes: quoting.id } : gesture);
    setNote(outcome.ok ? '' : t(`phone.failures.${outcome.why}`));
    if (isReply && outcome.ok) setQuoting(null);
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
          {isCalled ? t('phone.ringing') : stateOf(phone, t)}
        </p>
        <Conversation
          screen={phone.screen}
          address={phone.address}
          empty={empty}
          openers={openers}
          onSay={(text) => void make({ type: 'text', text })}
          onPress={(id, data) => void make({ type: 'press', id, data })}
          onEdit={(item) => {
            setQuoting(null);
            setEditing(item);
          }}
          onReply={(item) => {
            setEditing(null);
            setQuoting(item);
          }}
        />
        <p class="field-note" role="status">
          {note}
        </p>
        <Composer
          make={make}
          tell={setNote}
          editing={editing}
          stopEditing={() => setEditing(null)}
          quoting={quoting}
          stopQuoting={() => setQuoting(null)}
        />
      </div>
    </section>
  );
}

type Reply = Extract<Gesture, { quotes?: string | undefined }>;

/** Only what says something replies to a message. */
const mayReply = (gesture: Gesture): gesture is Reply =>
  ['text', 'file', 'location', 'card'].includes(gesture.type);

function stateOf({ screen, isCut }: Phone, t: T): string {
  if (isCut) return t('phone.cut');
  if (!screen.connected) return t('phone.offline');
  return screen.blocked ? t('phone.blocked') : '';
}

function Head({ phone, make, ringing }: { phone: Phone; make: Phone['make']; ringing: Ringing | undefined }) {
  const { t } = useWords();
  const { blocked, connected } = phone.screen;
  const label = ringing?.hasSound ? t('phone.sound_off') : t('phone.sound_on');
  return (
    <header class="head">
      <span class="avatar">
        <Mark />
      </span>
      <div class="head-words">
        <h3>{t('phone.service')}</h3>
        <p>{t('phone.online')}</p>
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
        label={t('phone.more')}
        side="below"
        entries={[
          {
            label: connected ? t('phone.network_off') : t('phone.network_on'),
            act: () => void make({ type: 'network', connected: !connected }),
          },
          {
            label: blocked ? t('phone.unblock') : t('phone.block'),
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
