import type { Item } from '../../channels/simulator/api.ts';
import { fileAddress } from './api.ts';
import { Icon, type IconName } from './icons.tsx';
import { clock } from './times.ts';
import { Voice } from './voice.tsx';
import { useWords } from './words.ts';

type Props = {
  item: Item;
  address: string;
  /** The label last pressed under it. */
  pressed: string | undefined;
  onPress: (id: string, data: string) => void;
  onEdit: (item: Item) => void;
  onReply: (item: Item) => void;
};

/** One message with its buttons. Buttons of old messages stay where they are, as on a real phone. */
export function Message({ item, address, pressed, onPress, onEdit, onReply }: Props) {
  const { t } = useWords();
  const isOwn = item.from === 'phone';
  const isEditable = isOwn && !item.attachment;
  return (
    <li class={`message ${isOwn ? 'is-own' : 'is-theirs'}`}>
      <div class="bubble">
        {item.quotes !== undefined && (
          <p class="quoted" dir="auto">
            {excerptOf(item.quotes)}
          </p>
        )}
        <Attached item={item} address={address} />
        {item.text !== '' && (
          <p class="text" dir="auto">
            {isOwn ? item.text : <Unbroken text={item.text} />}
          </p>
        )}
        <Foot item={item} />
      </div>
      {isEditable && <Beside icon="pencil" label={t('phone.edit')} act={() => onEdit(item)} />}
      {!isOwn && <Beside icon="reply" label={t('phone.reply')} act={() => onReply(item)} />}
      {item.rows?.map((row, place) => (
        // Rows have no name of their own; they change only all together.
        <div class="choices" key={place}>
          {row.map(({ label, data }) => (
            <button
              type="button"
              class={`choice ${pressed === label ? 'is-pressed' : ''}`}
              key={data}
              onClick={() => onPress(item.id, data)}
            >
              <Unbroken text={label} />
            </button>
          ))}
        </div>
      ))}
    </li>
  );
}

/** A small button that shows beside a message when it is pointed at. */
function Beside({ icon, label, act }: { icon: IconName; label: string; act: () => void }) {
  return (
    <button type="button" class="edit" onClick={act} aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  );
}

/** Letters of a quoted message that are shown. */
const EXCERPT = 70;

/** The first line of a message that is replied to, and no more than fits over the reply. */
export function excerptOf(text: string): string {
  const [line = ''] = text.split('\n');
  const letters = [...line];
  return letters.length > EXCERPT ? `${letters.slice(0, EXCERPT).join('').trimEnd()}…` : line;
}

/** `KATI-4821`, the reference of a case. */
const REFERENCE = /([A-Z]{4}-\d{4})/;

/** French puts a space before ? ! : ; and inside « »; a line must not break there, nor inside a reference. */
function Unbroken({ text }: { text: string }) {
  const words = text.replace(/ ([?!:;»])/g, '\u00a0$1').replace(/« /g, '«\u00a0');
  return words.split(REFERENCE).map((part, place) =>
    // What a pattern in brackets cuts out stands at every second place.
    place % 2 === 1 ? (
      <span class="whole" key={place}>
        {part}
      </span>
    ) : (
      part
    ),
  );
}

function Attached({ item, address }: { item: Item; address: string }) {
  const { t } = useWords();
  const { attachment } = item;
  if (!attachment) return null;
  if (attachment.type === 'card')
    return (
      <p class="card">
        <strong dir="auto">{attachment.name}</strong> <span>{attachment.number}</span>
      </p>
    );
  if (attachment.type === 'sticker') return <p class="sticker">{t('phone.sticker')}</p>;
  if (attachment.type === 'location')
    return (
      <p class="place">
        <Icon name="place" />
        {attachment.latitude.toFixed(3)}, {attachment.longitude.toFixed(3)}
      </p>
    );
  const source = fileAddress(address, item.id);
  if (attachment.kind === 'photo') return <img class="photo" src={source} alt={t('phone.photo')} />;
  return <Voice source={source} seconds={attachment.seconds} />;
}

function Foot({ item }: { item: Item }) {
  const { t } = useWords();
  const isOwn = item.from === 'phone';
  const state = item.received ? t('phone.saved') : t('phone.sent');
  return (
    <p class="foot">
      {item.edited && <span>{t('phone.edited')}</span>}
      {item.silent && (
        <span class="foot-icon" title={t('phone.silent')}>
          <Icon name="bellOff" />
          <span class="unseen">{t('phone.silent')}</span>
        </span>
      )}
      <time dateTime={item.at}>{clock(new Date(item.at))}</time>
      {isOwn && (
        <span class={`ticks ${item.received ? 'is-saved' : ''}`} title={state}>
          <Icon name="check" />
          {item.received && (
            <span class="again">
              <Icon name="check" />
            </span>
          )}
          <span class="unseen">{state}</span>
        </span>
      )}
    </p>
  );
}
