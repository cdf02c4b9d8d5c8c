/** Of an opened file: what it tells besides, saving it with or without that, and its way from the messenger to each look. */
import { useEffect, useState } from 'preact/hooks';
import type { FileLook } from '../../../contract/cases.ts';
import type { OpenFile } from '../opened-case.ts';
import type { OpenedItem } from '../opened-item.ts';
import { useWords } from '../words.ts';
import { copyWithout } from './copy.ts';
import { type Inside, lookInside } from './inside.ts';

/** This file is loaded by itself: what the page has already is handed to it, so that the page stays in few files. */
type Props = {
  file: OpenFile;
  /** Notes that it is saved; false: it could not be noted. */
  note: (as: 'original' | 'copy') => Promise<boolean>;
  /** Who opened or saved it. */
  looks: () => Promise<readonly FileLook[]>;
  /** Words of strangers, with signs that nobody sees made visible. */
  plain: (text: string) => string;
  /** Under which it is saved, with its ending. */
  name: string;
  /** Where the case tells of it. */
  item: OpenedItem | undefined;
  /** What messengers are called. */
  channels: Readonly<Record<string, string>>;
};

export function FileInside({ file, note, looks, plain, name, item, channels }: Props) {
  const { t } = useWords();
  const [inside, setInside] = useState<Inside>();
  useEffect(() => {
    let isGone = false;
    void lookInside(file.blob).then((found) => isGone || setInside(found));
    return () => {
      isGone = true;
    };
  }, [file]);
  return (
    <div class="file-inside">
      {inside ? <Tells inside={inside} plain={plain} /> : <p class="soft">{t('case.inside.looking')}</p>}
      <Saving file={file} note={note} name={name} inside={inside} />
      <Custody file={file} looks={looks} plain={plain} item={item} channels={channels} />
    </div>
  );
}

function Tells({ inside: { type, tells }, plain }: { inside: Inside; plain: Props['plain'] }) {
  const { t } = useWords();
  return (
    <div>
      <p class="soft">
        {type === undefined ? t('case.inside.type_unknown') : t('case.inside.type', { type })}
      </p>
      {tells.length === 0 ? (
        <p class="soft">{t('case.inside.nothing')}</p>
      ) : (
        <>
          <p>
            <strong>{t('case.inside.title')}</strong>
          </p>
          <ul>
            {tells.map(({ what, value }) => (
              <li key={`${what}${value}`}>
                {t('case.inside.tell', { what: t(`case.inside.tells.${what}`), value: plain(value) })}
              </li>
            ))}
          </ul>
          <p class="problem">{t('case.inside.note')}</p>
        </>
      )}
    </div>
  );
}

/** A copy is what is saved; the original only on purpose, and not before that is noted. */
function Saving({
  file,
  note,
  name,
  inside,
}: Pick<Props, 'file' | 'note' | 'name'> & { inside: Inside | undefined }) {
  const { t } = useWords();
  const [state, setState] = useState<'asks' | 'copying' | 'no_copy' | 'not_noted'>('asks');
  const [isAsked, setIsAsked] = useState(false);
  const save = async (blob: Blob, as: 'original' | 'copy', called: string) => {
    if (!(await note(as))) return setState('not_noted');
    setState('asks');
    saveAs(blob, called);
  };
  const saveCopy = async () => {
    setState('copying');
    const copy = await copyWithout(file.blob, inside?.type);
    if (!copy) return setState('no_copy');
    await save(copy, 'copy', copyName(name, copy.type));
  };
  return (
    <div class="file-saving">
      <button type="button" disabled={!inside || state === 'copying'} onClick={() => void saveCopy()}>
        {state === 'copying' ? t('case.inside.copying') : t('case.inside.copy')}
      </button>
      {isAsked ? (
        <button type="button" onClick={() => void save(file.blob, 'original', name)}>
          {t('case.inside.original_yes')}
        </button>
      ) : (
        <button type="button" onClick={() => setIsAsked(true)}>
          {t('case.inside.original')}
        </button>
      )}
      {isAsked && <p class="problem">{t('case.inside.original_note')}</p>}
      {state === 'no_copy' && <p class="problem">{t('case.inside.no_copy')}</p>}
      {state === 'not_noted' && (
        <p class="problem" role="alert">
          {t('case.inside.not_noted')}
        </p>
      )}
    </div>
  );
}

/** The browser keeps the address as long as it needs it; it is let go a minute later. */
function saveAs(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Of the copy's own kind: `….heic` becomes `….copy.jpg`. */
function copyName(name: string, type: string): string {
  const ending = ENDINGS[type];
  return name.replace(/(\.[a-z0-9]{1,5})$/, (own) => `.copy${ending ?? own}`);
}
const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'audio/ogg': '.ogg',
  'audio/mpeg': '.mp3',
  'audio/mp4': '.m4a',
  'video/mp4': '.mp4',
};

function Custody({ file, looks, plain, item, channels }: Omit<Props, 'name' | 'note'>) {
  const { t, language } = useWords();
  const [found, setFound] = useState<readonly FileLook[]>([]);
  const load = async () => setFound(await looks());
  const content = item?.content ?? {};
  const came = (content.came ?? {}) as Record<string, unknown>;
  const exactly = (at: unknown): string =>
    new Date(String(at)).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });
  return (
    <details onToggle={({ currentTarget }) => void (currentTarget.open && load())}>
      <summary>{t('case.inside.chain')}</summary>
      <ul class="custody">
        {came.message !== undefined && (
          <li>
            {t('case.inside.came', {
              channel: channels[String(came.channel)] ?? plain(String(came.channel)),
              message: plain(String(came.message)),
            })}
          </li>
        )}
        {came.sentAt !== undefined && <li>{t('case.inside.sent', { at: exactly(came.sentAt) })}</li>}
        {came.at !== undefined && <li>{t('case.inside.received', { at: exactly(came.at) })}</li>}
        {item && <li>{t('case.inside.kept', { at: exactly(item.at) })}</li>}
        <li>{t('case.inside.bytes', { bytes: file.blob.size })}</li>
        <li>
          {t('case.inside.hash')} <code>{file.hash}</code>
        </li>
        <li>
          {t('case.inside.hash_sealed')} <code>{String(content.sha256)}</code>
        </li>
        <li>{content.plainSha256 === undefined ? t('case.inside.unsaid') : t('case.inside.same')}</li>
        {found.map((look) => (
          <li key={`${look.at}${look.who}${look.what}`}>
            {t(`case.inside.${look.what}`, {
              at: exactly(look.at),
              who: look.who ?? t('case.inside.nobody'),
            })}
          </li>
        ))}
      </ul>
    </details>
  );
}
