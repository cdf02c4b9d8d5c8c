/**
 * Makes Baileys and the service believe a fake WhatsApp: its root key in place of WhatsApp's, its media host and the
 * certificate of that. Nothing of Baileys is patched. For a program of its own, preload this file:
 *
 *     FAKE_WHATSAPP=http://127.0.0.1:9000 node --import ./test/fakes/whatsapp/trust.ts src/main.ts
 */
import tls from 'node:tls';
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import { MEDIA_HOSTS } from '../../../src/channels/whatsapp/media-hosts.ts';

export type Credentials = {
  /** Public half of the root key, in hex. */
  root: string;
  /** Certificate of the media host, in PEM. */
  ca: string;
  /** Origin of the media host. */
  media: string;
};

/** Certificates that are believed: each once, and for good, for it takes a tenth of a second to have one believed. */
const believed = new Set<string>();

/** Returns a function that puts things back, but for the certificate of a host that is gone then. */
export function trust({ root, ca, media }: Credentials): () => void {
  const rootKey = WA_CERT_DETAILS.PUBLIC_KEY;
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(root, 'hex');
  if (!believed.has(ca)) tls.setDefaultCACertificates([...tls.getCACertificates('default'), ca]);
  believed.add(ca);
  const known = { ...MEDIA_HOSTS };
  Object.assign(MEDIA_HOSTS, { usual: media, hosts: { names: [], origins: [media] } });
  return () => {
    Object.assign(MEDIA_HOSTS, known);
    WA_CERT_DETAILS.PUBLIC_KEY = rootKey;
  };
}

const fake = process.env.FAKE_WHATSAPP;
if (fake) trust((await (await fetch(`${fake}/credentials`)).json()) as Credentials);
