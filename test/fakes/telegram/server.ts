/** The HTTP side of the fake: `/bot<token>/<method>` and `/file/bot<token>/<path>`. */
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { readParams } from './body.ts';
import { errorBody, type Fault, type Faults } from './faults.ts';
import { METHODS, type Server } from './methods.ts';
import { type Json, Refusal } from './wire.ts';

/** One call the bot made, and how it was answered: 0 is not at all, undefined not yet (a long poll). */
export type Call = { method: string; params: Json; status: number | undefined; at: number };

type Setting = {
  token: string;
  server: Server;
  faults: Faults;
  /** Only these methods exist; absent: all. */
  methods?: readonly string[];
  calls: Call[];
  /** What `POST /control` does; absent: no such door. */
  control?: (body: Json) => Promise<Json>;
  /** A call came or was answered. */
  changed: () => void;
};

export async function listen(setting: Setting, port: number): Promise<{ http: HttpServer; root: string }> {
  const http = createServer((request, response) => {
    answer(request, response, setting).catch(() => response.destroy());
  });
  http.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  return { http, root: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

async function answer(request: IncomingMessage, response: ServerResponse, setting: Setting): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const path = decodeURIComponent(url.pathname);
  const call = /^\/bot([^/]+)\/(?:test\/)?([A-Za-z]+)$/.exec(path);
  const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(path);
  if (file) return download(file, response, setting);
  if (path === '/control' && setting.control)
    return void response.end(JSON.stringify(await setting.control(await readParams(request, url))));
  if (!call) return reply(response, errorBody(404));
  const params = await readParams(request, url);
  await callMethod(String(call[1]), String(call[2]), params, response, setting);
}

async function callMethod(
  token: string,
  method: string,
  params: Json,
  response: ServerResponse,
  setting: Setting,
) {
  const call: Call = { method, params, status: undefined, at: performance.now() };
  const end = (status: number) => {
    call.status = status;
    setting.changed();
  };
  setting.calls.push(call);
  setting.changed();
  if (token !== setting.token) {
    end(401);
    return reply(response, errorBody(401));
  }
  const fault = setting.faults.strike(method, params);
  if (fault && fault.with !== 'accept_then_drop') {
    end(typeof fault.with === 'number' ? fault.with : 0);
    return fail(response, fault);
  }
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const body = await run(method, params, setting, gone.signal);
  end(fault ? 0 : Number(body.error_code ?? 200));
  if (fault) response.destroy();
  else reply(response, body);
}

async function run(name: string, params: Json, setting: Setting, gone: AbortSignal): Promise<Json> {
  const known = setting.methods?.some((method) => method.toLowerCase() === name.toLowerCase()) ?? true;
  const method = known ? METHODS.get(name.toLowerCase()) : undefined;
  if (!method) return errorBody(404);
  try {
    return { ok: true, result: await method(params, setting.server, gone) };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const parameters = thrown.parameters ? { parameters: thrown.parameters } : {};
    return { ok: false, error_code: thrown.code, description: thrown.message, ...parameters };
  }
}

function fail(response: ServerResponse, fault: Fault): void {
  if (fault.with === 'hang') return;
  if (fault.with === 'html') {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<html><body>502 Bad Gateway</body></html>');
  } else if (fault.with === 'portal')
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Connexion</body></html>');
  else if (fault.with === 'garbage')
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true,"resu');
  else if (typeof fault.with === 'number') reply(response, errorBody(fault.with, fault));
  else response.destroy();
}

function reply(response: ServerResponse, body: Json): void {
  const status = body.ok === true ? 200 : Number(body.error_code);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Downloads can be made to fail too, as method `file`. */
function download(match: RegExpExecArray, response: ServerResponse, setting: Setting): void {
  const [, token, path] = match;
  const files = token === setting.token ? [...setting.server.chats.files.values()] : [];
  const found = files.find((file) => file.path === path);
  setting.calls.push({ method: 'file', params: { path }, status: found ? 200 : 404, at: performance.now() });
  setting.changed();
  const fault = setting.faults.strike('file', {});
  if (!found) reply(response, errorBody(404));
  else if (!fault) sendBytes(response, found.bytes).end();
  else if (fault.with !== 'accept_then_drop') fail(response, fault);
  else sendBytes(response, found.bytes.subarray(0, 1), found.bytes.length, () => response.destroy());
}

/** Sends bytes while promising `length` of them. */
function sendBytes(response: ServerResponse, bytes: Uint8Array, length = bytes.length, then?: () => void) {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': length });
  response.write(bytes, then);
  return response;
}
