/** One signed request of S3 and its answer. Its few answers in XML are read by the names of their elements. */
import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import { type Opened, openAsSet, type Request, readAtMost } from '../channels/outside.ts';
import { minutes } from '../kernel/time.ts';
import type { Place } from './settings.ts';

export type S3Place = Extract<Place, { kind: 's3' }>;

export type Answer = {
  status: number;
  /** Of an answer that is no stream. */
  text: string;
  /** Of a part that was taken. */
  tag: string;
  body?: Opened['body'];
};

type Asked = { query?: Record<string, string>; body?: Uint8Array; isStream?: boolean };
type Method = NonNullable<Request['method']>;

/** A slow line takes a part of eight megabytes in some minutes. */
const PATIENCE = { firstByte: minutes(10), silence: minutes(2) };
/** A page of a list has a thousand names. */
const MOST = 4_000_000;

export function createS3Calls({ endpoint, bucket, prefix, region, keyId, secret }: S3Place) {
  return async (method: Method, name: string, asked: Asked = {}): Promise<Answer> => {
    const { query = {}, body, isStream = false } = asked;
    const url = new URL(`/${bucket}${name === '' ? '' : `/${prefix}${name}`}`, endpoint);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const signed = await new AwsV4Signer({
      method,
      url: url.href,
      headers: { 'x-amz-content-sha256': hash },
      accessKeyId: keyId,
      secretAccessKey: secret.reveal(),
      service: 's3',
      region,
    }).sign();
    const headers = Object.fromEntries(signed.headers);
    const sent = body === undefined ? {} : { body: new Uint8Array(body) };
    const { signal } = new AbortController();
    const opened = await openAsSet(signed.url, { method, headers, ...sent }, { signal, patience: PATIENCE });
    const tag = opened.header('etag') ?? '';
    if (isStream && opened.status < 300) return { status: opened.status, text: '', tag, body: opened.body };
    const { bytes } = await readAtMost(opened, MOST);
    return { status: opened.status, text: bytes.toString('utf8'), tag };
  };
}

/** What stands in each element of this name; elements of one name do not stand in each other. */
export function wordsIn(xml: string, name: string): string[] {
  const found: string[] = [];
  const [open, close] = [`<${name}>`, `</${name}>`];
  for (let from = xml.indexOf(open); from >= 0; from = xml.indexOf(open, from)) {
    const to = xml.indexOf(close, from);
    if (to < 0) break;
    found.push(xml.slice(from + open.length, to));
    from = to;
  }
  return found;
}

/** What stands in the first element of this name. */
export const textIn = (xml: string, name: string): string | undefined =>
  wordsIn(xml, name)[0]
    ?.replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
