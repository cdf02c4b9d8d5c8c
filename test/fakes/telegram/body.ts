/** Reads the parameters of a call: query string, JSON, urlencoded or multipart, as the Bot API takes them all. */
import type { IncomingMessage } from 'node:http';
import type { Json } from './wire.ts';

/** Telegram takes uploads of up to 50 MB. */
const MAX_BODY = 50 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY) throw new Error('body too big');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export async function readParams(request: IncomingMessage, url: URL): Promise<Json> {
  const params: Json = Object.fromEntries(url.searchParams);
  const body = await readBody(request);
  if (body.length === 0) return params;
  const type = request.headers['content-type'] ?? '';
  if (type.includes('json')) return { ...params, ...(JSON.parse(body.toString()) as Json) };
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  return { ...params, ...Object.fromEntries(form) };
}
