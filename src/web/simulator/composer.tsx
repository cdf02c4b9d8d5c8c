import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Gesture, Item } from '../../channels/simulator/api.ts';
import type { Outcome } from './api.ts';
import { Icon, type IconName } from './icons.tsx';
import { Menu } from './menu.tsx';
import { excerptOf } from './message.tsx';
import { base64Of, prepared } from './photo.ts';
import { SAMPLE_SECONDS, sampleVoice } from './sample-voice.ts';
import { minutes } from './times.ts';
import { type Recording, useRecorder } from './use-recorder.ts';
import { useWords } from './words.ts';

/** Bamako, for "a place". */
const BAMAKO = { latitude: 12.639, longitude: -8.003 };
/** Of the contact that can be sent. */
const EXAMPLE_NUMBER = '+223 70 00 00 00';

type Props = {
  make: (gesture: Gesture) => Promise<Outcome>;
  /** Says something above the field. */
  tell: (note: string) => void;
  editing: Item | null;
  stopEditing: () => void;
  /** What is replied to. */
  quoting: Item | null;
  stopQuoting: () => void;
};

/** The field at the foot of a phone: words, a voice note, a photo. */
export function Composer({ make, tell, editing, stopEditing, quoting, stopQuoting }: Props) {
  const { t } = useWords();
  const picker = useRef<HTMLInputElement>(null);
  const recorder = useRecorder();

  const sendVoice = async ({ blob, seconds }: Recording) => {
    const base64 = await base64Of(blob);
    await make({ type: 'file', kind: 'voice', mediaType: blob.type, base64, seconds });
  };
  const sendPhoto = async (file: Blob) => {
    const photo = await prepared(file);
    if (!photo) return tell(t('phone.failures.too_big'));
    await make({ type: 'file', kind: 'photo', mediaType: photo.type, base64: await base64Of(photo) });
  };
  const record = async () => {
    if (await recorder.start()) return;
    tell(`${t('phone.no_microphone')} ${t('phone.sample_voice')}.`);
    await sendVoice({ blob: sampleVoice(), seconds: SAMPLE_SECONDS });
  };
  const finish = async () => {
    const recording = await recorder.finish();
    if (recording) await sendVoice(recording);
  };

  if (recorder.seconds !== null)
    return (
      <RecordingBar seconds={recorder.seconds} onCancel={recorder.cancel} onSend={() => void finish()} />
    );
  return (
    <div class="composer">
      <Menu
        icon="plus"
        label={t('phone.attach')}
        side="above"
        entries={[
          { label: t('phone.photo'), act: () => picker.current?.click() },
          {
            label: t('phone.sample_voice'),
            act: () => void sendVoice({ blob: sampleVoice(), seconds: SAMPLE_SECONDS }),
          },
          { label: t('phone.place'), act: () => void make({ type: 'location', ...BAMAKO }) },
          {
            label: t('phone.card'),
            act: () => void make({ type: 'card', name: t('phone.card_name'), number: EXAMPLE_NUMBER }),
          },
          { label: t('phone.sticker'), act: () => void make({ type: 'sticker' }) },
        ]}
      />
      <input
        ref={picker}
        type="file"
        accept="image/*"
        class="unseen"
        tabIndex={-1}
        aria-label={t('phone.photo')}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          currentTarget.value = '';
          if (file) void sendPhoto(file);
        }}
      />
      <Field
        make={make}
        editing={editing}
        stopEditing={stopEditing}
        quoting={quoting}
        stopQuoting={stopQuoting}
        onRecord={() => void record()}
      />
    </div>
  );
}

/** A round button with a picture on it; without `onClick` it sends the form. */
function Round(props: { name: string; icon: IconName; isMain?: boolean; onClick?: () => void }) {
  return (
    <button
      type={props.onClick ? 'button' : 'submit'}
      class={props.isMain ? 'round is-main' : 'round'}
      onClick={props.onClick}
      aria-label={props.name}
      title={props.name}
    >
      <Icon name={props.icon} />
    </button>
  );
}

function RecordingBar(props: { seconds: number; onCancel: () => void; onSend: () => void }) {
  const { t } = useWords();
  return (
    <div class="composer is-recording">
      <Round name={t('phone.cancel')} icon="close" onClick={props.onCancel} />
      <p class="recording" role="status">
        <span class="dot" />
        {t('phone.recording')} <span class="recording-time">{minutes(props.seconds)}</span>
      </p>
      <Round isMain name={t('phone.send')} icon="send" onClick={props.onSend} />
    </div>
  );
}

type FieldProps = Omit<Props, 'tell'> & { onRecord: () => void };

function Field({ make, editing, stopEditing, quoting, stopQuoting, onRecord }: FieldProps) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);

  useLayoutEffect(() => {
    if (!editing) return;
    setText(editing.text);
    field.current?.focus();
  }, [editing]);
  useLayoutEffect(() => {
    if (quoting) field.current?.focus();
  }, [quoting]);
  // The field grows with what stands in it.
  useLayoutEffect(() => fit(field.current), [text]);

  const leave = () => {
    setText('');
    stopEditing();
  };
  const send = async () => {
    if (text.trim() === '') return;
    const gesture: Gesture = editing ? { type: 'edit', id: editing.id, text } : { type: 'text', text };
    setText('');
    const outcome = await make(gesture);
    if (outcome.ok) stopEditing();
    // What could not be sent is not taken from the person who wrote it.
    else setText((now) => now || text);
  };

  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {quoting && (
        <p class="editing">
          {t('phone.replying', { text: excerptOf(quoting.text) })}
          <button type="button" onClick={stopQuoting}>
            {t('phone.cancel')}
          </button>
        </p>
      )}
      {editing && (
        <p class="editing">
          {t('phone.editing')}
          <button type="button" onClick={leave}>
            {t('phone.cancel')}
          </button>
        </p>
      )}
      <textarea
        ref={field}
        rows={1}
        value={text}
        dir="auto"
        placeholder={t('phone.write')}
        aria-label={t('phone.write')}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && editing) leave();
          if (event.key === 'Escape' && quoting) stopQuoting();
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      {text.trim() === '' && !editing ? (
        <Round isMain name={t('phone.record')} icon="microphone" onClick={onRecord} />
      ) : (
        <Round isMain name={t('phone.send')} icon="send" />
      )}
    </form>
  );
}

function fit(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.rows = Math.min(5, Math.max(1, field.value.split('\n').length, Math.ceil(field.value.length / 32)));
}
