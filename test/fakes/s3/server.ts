/**
 * An S3 service: signatures are checked as the real one does (AWS Signature Version 4, written down here anew), uploads in parts
 * have a name only once they are completed, lists come in pages of two.
 */
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const KEY_ID = 'AKLAKANA';
const SECRET = 'secret/of+the=office';
const REGION = 'eu-west-3';
const PAGE = 2;
const LEAST_PART = 5 * 1_048_576;

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );

export type S3 = Awaited<ReturnType<typeof startS3>>;

export async function startS3(bucket = 'lakana-backup') {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, { key: string; parts: Map<number, Buffer> }>();
  /** The biggest body that came, in bytes. */
  let biggest = 0;
  /** What the next requests are answered instead. */
  const failing: { status: number; code: string }[] = [];
  const asked: string[] = [];

  const server = createServer((request, answer) => {
    void handle(request, answer).catch(() => answer.destroy());
  });

  async function handle(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    biggest = Math.max(biggest, body.length);
    const { method = 'GET' } = request;
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    asked.push(`${method} ${url.pathname}`);
    const refuse = (status: number, code: string) =>
      answer.writeHead(status).end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
    const fails = failing.shift();
    if (fails) return void refuse(fails.status, fails.code);
    const wrong = whyWrong(request, method, url, body);
    if (wrong) return void refuse(403, wrong);
    const [, named, ...rest] = url.pathname.split('/');
    if (named !== bucket) return void refuse(404, 'NoSuchBucket');
    answerTo(method, decodeURIComponent(rest.join('/')), url.searchParams, body, answer, refuse);
  }

  type Refuse = (status: number, code: string) => unknown;
  const xml = (answer: ServerResponse, text: string) =>
    answer.writeHead(200, { 'content-type': 'application/xml' }).end(text);

  function answerTo(
    method: string,
    key: string,
    query: URLSearchParams,
    body: Buffer,
    answer: ServerResponse,
    refuse: Refuse,
  ): void {
    if (key === '') return void xml(answer, query.has('uploads') ? listUploads(query) : listObjects(query));
    if (method === 'POST' && query.has('uploads')) {
      const id = `upload-${uploads.size + 1}`;
      uploads.set(id, { key, parts: new Map() });
      return void xml(answer, `<Made><UploadId>${id}</UploadId></Made>`);
    }
    if (query.has('uploadId')) ofUpload(method, query, body, answer, refuse);
    else ofObject(method, key, body, answer, refuse);
  }

  function ofObject(method: string, key: string, body: Buffer, answer: ServerResponse, refuse: Refuse): void {
    if (method === 'PUT') objects.set(key, body);
    if (method === 'DELETE') objects.delete(key);
    if (method !== 'GET') return void answer.writeHead(method === 'PUT' ? 200 : 204).end();
    const found = objects.get(key);
    if (!found) return void refuse(404, 'NoSuchKey');
    answer.writeHead(200, { 'content-length': found.length }).end(found);
  }

  const tagOf = (part: Buffer): string => `"${sha256(part).slice(0, 32)}"`;

  function ofUpload(
    method: string,
    query: URLSearchParams,
    body: Buffer,
    answer: ServerResponse,
    refuse: Refuse,
  ): void {
    const id = query.get('uploadId') ?? '';
    const upload = uploads.get(id);
    if (!upload) return void refuse(404, 'NoSuchUpload');
    if (method === 'PUT') {
      upload.parts.set(Number(query.get('partNumber')), body);
      return void answer.writeHead(200, { etag: tagOf(body) }).end();
    }
    if (method === 'DELETE') {
      uploads.delete(id);
      return void answer.writeHead(204).end();
    }
    const parts = [...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    if (parts.slice(0, -1).some((part) => part.length < LEAST_PART))
      return void refuse(400, 'EntityTooSmall');
    if (!parts.every((part) => body.toString().includes(tagOf(part)))) return void refuse(400, 'InvalidPart');
    objects.set(upload.key, Buffer.concat(parts));
    uploads.delete(id);
    xml(answer, '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>');
  }

  function listObjects(query: URLSearchParams): string {
    const after = query.get('continuation-token') ?? '';
    const keys = [...objects.keys()]
      .sort()
      .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after);
    const page = keys.slice(0, PAGE);
    const rows = page.map(
      (key) => `<Contents><Key>${key}</Key><Size>${objects.get(key)?.length}</Size></Contents>`,
    );
    const isCut = keys.length > PAGE;
    const next = isCut ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    return `<ListBucketResult><IsTruncated>${isCut}</IsTruncated>${next}${rows.join('')}</ListBucketResult>`;
  }

  function listUploads(query: URLSearchParams): string {
    const rows = [...uploads]
      .filter(([, { key }]) => key.startsWith(query.get('prefix') ?? ''))
      .map(([id, { key }]) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`);
    return `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${rows.join('')}</ListMultipartUploadsResult>`;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    bucket,
    region: REGION,
    keyId: KEY_ID,
    secret: SECRET,
    objects,
    uploads,
    failing,
    asked,
    biggest: () => biggest,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** As https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html says. */
function whyWrong(request: IncomingMessage, method: string, url: URL, body: Buffer): string | undefined {
  const { authorization = '' } = request.headers;
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (!parts) return 'AccessDenied';
  const [, keyId, day = '', region = '', signed = '', signature] = parts;
  if (keyId !== KEY_ID) return 'InvalidAccessKeyId';
  const hash = String(request.headers['x-amz-content-sha256']);
  if (hash !== sha256(body)) return 'XAmzContentSHA256Mismatch';
  const names = signed.split(';');
  if (!names.includes('host') || !names.includes('x-amz-content-sha256')) return 'AccessDenied';
  const query = [...url.searchParams]
    .map(([key, value]) => `${encoded(key)}=${encoded(value)}`)
    .sort()
    .join('&');
  const headers = names.map((name) => `${name}:${String(request.headers[name]).trim()}\n`).join('');
  const canonical = [method, url.pathname, query, headers, signed, hash].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${SECRET}`, day), region), 's3'), 'aws4_request');
  const right = hmac(key, toSign).toString('hex');
  return right === signature && region === REGION ? undefined : 'SignatureDoesNotMatch';
}
