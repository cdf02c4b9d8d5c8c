/** A voice note that plays, a photo that shows, a document that is saved: opened here, when it is asked for. */
import { useEffect, useState } from 'preact/hooks';
import type { Differs } from '../../cases/file-check.ts';
import { fileName, fileType } from '../../cases/file-types.ts';
import { api } from './api.ts';
import { LaterFile } from './later.tsx';
import { aboutFile, type OpenedCase, type OpenFile, openFile } from './opened-case.ts';
import { plain } from './plain.ts';
import { type T, useWords } from './words.ts';

/** `channels`: what messengers are called. */
type Props = { opened: OpenedCase; id: string; channels: Readonly<Record<string, string>> };

export function CaseFile({ opened, id, channels }: Props) {
  const { t } = useWords();
  const [found, setFound] = useState<OpenFile>();
  const [state, setState] = useState<'closed' | 'opening' | 'open' | 'lost' | 'foreign'>('closed');
  useEffect(
    () => () => {
      if (found) URL.revokeObjectURL(found.address);
    },
    [found],
  );
  const file = opened.files.find((each) => each.id === id);
  if (!file) return null;
  const item = aboutFile(opened, id);
  const about = item?.content;
  const as = { ...about, media: file.media };
  // Of the service's own list; what is neither heard nor seen is only saved.
  const mediaType = fileType(as);
  const kind = t.of('case.media', file.media) ?? file.media;
  const called = plain(String(about?.name ?? '')).slice(0, 80);
  const name = called ? `${kind} · ${called}` : kind;
  if (file.state !== 'saved')
    return (
      <span class="file soft">
        {t('case.file_says', { name, what: t.of('case.file_state', file.state) ?? file.state })}
      </span>
    );
  const open = async () => {
    setState('opening');
    const came = await openFile(opened, id, mediaType);
    if (typeof came === 'object') setFound(came);
    setState(typeof came === 'object' ? 'open' : came);
  };
  /** It is no longer among what nobody has heard; said again the next time if it did not arrive. */
  const heard = () => void api.heard(opened.reference, id);
  const isHeard = mediaType.startsWith('audio/');
  if (state !== 'open' || !found)
    return (
      <span class="file">
        <button type="button" disabled={state === 'opening'} onClick={() => void open()}>
          {state === 'opening'
            ? t('shell.opening')
            : `${isHeard ? t('case.hear') : t('case.show')} · ${name}`}
        </button>
        <WhatDiffers differs={about?.differs} />
        {state === 'lost' && <span class="problem">{t('shell.damaged')}</span>}
        {state === 'foreign' && (
          <span class="alarm" role="alert">
            {t('case.trust.file_not_ours')}
          </span>
        )}
      </span>
    );
  return (
    <span class="file">
      <Player address={found.address} type={mediaType} name={name} onPlaying={heard} />
      <WhatDiffers differs={about?.differs} />
      <LaterFile>
        {({ FileInside }) => (
          <FileInside
            file={found}
            note={async (as) => (await api.saved(opened.reference, id, as)).ok}
            looks={async () => {
              const answer = await api.looks(opened.reference, id);
              return answer.ok ? answer.value.looks : [];
            }}
            plain={plain}
            name={`${opened.reference}-${fileName(item?.place ?? 0, id, as)}`}
            item={item}
            channels={channels}
          />
        )}
      </LaterFile>
    </span>
  );
}

/** Heard or seen here, if this browser can; else it says so: what is broken, or of a kind that it does not know, is silent. */
function Player({
  address,
  type,
  name,
  onPlaying,
}: {
  address: string;
  type: string;
  name: string;
  onPlaying: () => void;
}) {
  const { t } = useWords();
  const [isBroken, setIsBroken] = useState(false);
  const fails = () => setIsBroken(true);
  if (isBroken)
    return (
      <span class="problem" role="alert">
        {t('case.file_says', { name, what: t('case.cannot_play') })}
      </span>
    );
  if (type.startsWith('audio/'))
    // biome-ignore lint/a11y/useMediaCaption: nobody has written down what is said
    return <audio controls autoplay src={address} onError={fails} onPlaying={onPlaying} />;
  // biome-ignore lint/a11y/useMediaCaption: nobody has written down what is said
  if (type.startsWith('video/')) return <video controls src={address} onError={fails} />;
  return type.startsWith('image/') ? <img src={address} alt={name} onError={fails} /> : null;
}

/** In what the file is not what the phone said that it was. */
function WhatDiffers({ differs }: { differs: unknown }) {
  const { t } = useWords();
  const { size, type } = (differs ?? {}) as Differs;
  const said = [
    ...(type ? [sayType(t, plain(String(type.said)), plain(String(type.found)))] : []),
    ...(size ? [t('case.differs_in_size', { said: Number(size.said), came: Number(size.came) })] : []),
  ];
  return said.length > 0 ? <span class="problem">{said.join('. ')}</span> : null;
}

/** What it was sent as, and what it begins like. */
const sayType = (t: T, said: string, found: string): string =>
  found === 'unknown'
    ? t('case.differs_in_type_unknown', { said })
    : t('case.differs_in_type', { said, found });
