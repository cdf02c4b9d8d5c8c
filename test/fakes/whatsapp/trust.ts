/**
 * Makes Baileys believe a fake WhatsApp: its root key in place of WhatsApp's, its certificate for the media host.
 * Nothing of Baileys is patched. For a program of its own, preload this file:
 *
 *     FAKE_WHATSAPP=http://127.0.0.1:9000 node --import ./test/fakes/whatsapp/trust.ts src/main.ts
 */
import tls from 'node:tls';
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys';

export type Credentials = {
  /** Public half of the root key, in hex. */
  root: string;
  /** Certificate of the media host, in PEM. */
  ca: string;
};

/** Returns a function that puts things back. */
export function trust({ root, ca }: Credentials): () => void {
  const known = WA_CERT_DETAILS.PUBLIC_KEY;
  const authorities = tls.getCACertificates('default');
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(root, 'hex');
  tls.setDefaultCACertificates([...authorities, ca]);
  return () => {
    WA_CERT_DETAILS.PUBLIC_KEY = known;
    tls.setDefaultCACertificates(authorities);
  };
}

const fake = process.env.FAKE_WHATSAPP;
if (fake) trust((await (await fetch(`${fake}/credentials`)).json()) as Credentials);
