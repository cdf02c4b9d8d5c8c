/** A voice note that plays, a photo that shows, a document that is saved: opened here, when it is asked for. */
import { useEffect, useState } from 'preact/hooks';
import type { Differs } from '../../cases/file-check.ts';
import { bareType, fileEnding } from '../../cases/file-types.ts';
import { aboutFile, type OpenedCase, openFile } from './opened-case.ts';
import { plain } from './plain.ts';
import { useWords } from './words.ts';

/** What a browser may be told a file is; whatever else it says it is, it is only saved. */
const SHOWN = /^(audio\/(ogg|mpeg|mp4|webm|wav)|image\/(jpeg|png|webp)|video\/(mp4|webm))$/;

export function CaseFile({ opened, id }: { opened: OpenedCase; id: string }) {
  const { words } = useWords();
  const [address, setAddress] = useState<string>();
  const [state, setState] = useState<'closed' | 'opening' | 'open' | 'lost' | 'foreign'>('closed');
  useEffect(
    () => () => {
      if (address) URL.revokeObjectURL(address);
    },
    [address],
  );
  const file = opened.files.find((each) => each.id === id);
  if (!file) return null;
  const about = aboutFile(opened, id);
  const said = bareType(about?.mediaType);
  const mediaType = SHOWN.test(said) ? said : 'application/octet-stream';
  const kind = words.media[file.media] ?? file.media;
  const called = plain(String(about?.name ?? '')).slice(0, 80);
  const name = called ? `${kind} · ${called}` : kind;
  if (file.state !== 'saved')
    return (
      <span class="file soft">
        {name}: {words.fileState[file.state] ?? file.state}
      </span>
    );
  const open = async () => {
    setState('opening');
    const found = await openFile(opened, id, mediaType);
    if (typeof found === 'object') setAddress(found.address);
    setState(typeof found === 'object' ? 'open' : found);
  };
  const isHeard = mediaType.startsWith('audio/');
  if (state !== 'open' || !address)
    return (
      <span class="file">
        <button type="button" disabled={state === 'opening'} onClick={() => void open()}>
          {state === 'opening' ? words.opening : `${isHeard ? words.hear : words.show} · ${name}`}
        </button>
        <WhatDiffers differs={about?.differs} />
        {state === 'lost' && <span class="problem">{words.damaged}</span>}
        {state === 'foreign' && (
          <span class="alarm" role="alert">
            {words.trust.fileNotOurs}
          </span>
        )}
      </span>
    );
  return (
    <span class="file">
      {isHeard && (
        // biome-ignore lint/a11y/useMediaCaption: nobody has written down what is said
        <audio controls autoplay src={address} />
      )}
      {mediaType.startsWith('image/') && <img src={address} alt={name} />}
      {mediaType.startsWith('video/') && (
        // biome-ignore lint/a11y/useMediaCaption: nobody has written down what is said
        <video controls src={address} />
      )}
      <a href={address} download={`${opened.reference}-${id.slice(0, 4)}${fileEnding(said, about?.name)}`}>
        {words.download}
      </a>
      <WhatDiffers differs={about?.differs} />
    </span>
  );
}

/** In what the file is not what the phone said that it was. */
function WhatDiffers({ differs }: { differs: unknown }) {
  const { words } = useWords();
  const { size, type } = (differs ?? {}) as Differs;
  const said = [
    ...(type ? [words.differsInType(plain(String(type.said)), plain(String(type.found)))] : []),
    ...(size ? [words.differsInSize(Number(size.said), Number(size.came))] : []),
  ];
  return said.length > 0 ? <span class="problem">{said.join('. ')}</span> : null;
}
