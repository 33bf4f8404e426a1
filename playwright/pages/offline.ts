import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { writeServiceWorker } from '../../scripts/service_worker_list.mjs';

const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** What a host may do instead of answering with a file. */
export type Fault = 'cut' | 'html' | 'missing' | 'short' | 'changed';

/** A build: where it lies, and what each of its files must be. */
export interface Build {
  folder: string;
  version: string;
  files: Record<string, [hash: string, bytes: number]>;
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function listed(folder: string): Promise<Build> {
  const version = (await writeServiceWorker(folder)) as string;
  const worker = readFileSync(path.join(folder, 'service_worker.js'), 'utf8');
  const { files } = JSON.parse(worker.slice(worker.indexOf('{'), worker.indexOf('};\n') + 1));
  return { folder, version, files };
}

/** A copy of a finished page as `folder`. */
export async function copyOf(source: string, folder: string): Promise<Build> {
  rmSync(folder, { recursive: true, force: true });
  cpSync(source, folder, { recursive: true });
  return listed(folder);
}

/** The next version: one script is another one under another name, and a file that keeps its name is changed. */
export async function nextVersion(build: Build, folder: string): Promise<Build> {
  rmSync(folder, { recursive: true, force: true });
  cpSync(build.folder, folder, { recursive: true });
  const old = scriptOf(build);
  const text = `${readFileSync(path.join(folder, old), 'utf8')}// Changed by ${path.basename(folder)}.\n`;
  const named = `theme-${hashOf(Buffer.from(text)).slice(0, 16)}.js`;
  renameSync(path.join(folder, old), path.join(folder, named));
  writeFileSync(path.join(folder, named), text);
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('index.html'))) {
    writeFileSync(path.join(folder, file), readFileSync(path.join(folder, file), 'utf8').replaceAll(old, named));
  }
  const icon = path.join(folder, 'icon.svg');
  writeFileSync(icon, `${readFileSync(icon, 'utf8')}<!-- ${path.basename(folder)} -->\n`);
  return listed(folder);
}

/** The script that differs between versions. */
export function scriptOf({ files }: Build): string {
  return Object.keys(files).find((file) => /^theme-[0-9a-f]+\.js$/.test(file))!;
}

/** A static host that can fail, and which of several builds it has can change. It sets no header but the type. */
export class Host {
  build: Build;
  readonly requests: string[] = [];
  readonly faults = new Map<string, Fault>();
  /** How many bytes of files were taken, by path; what was asked for and given up counts as far as it went. */
  readonly moved = new Map<string, number>();
  /** Headers for every answer, as some hosts have them. */
  headers: Record<string, string> = {};
  /** Its address; it stays when the host is closed and an answer still comes in. */
  site = '';
  private isUp = true;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(
    build: Build,
    readonly base: string,
  ) {
    this.build = build;
    this.server = createServer((request, response) => this.answer(request, response));
    this.server.on('connection', (socket) => {
      if (!this.isUp) socket.destroy();
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async serving(build: Build, base = '/'): Promise<Host> {
    const host = new Host(build, base);
    await new Promise<void>((resolve) => host.server.listen(0, resolve));
    host.site = `http://localhost:${(host.server.address() as AddressInfo).port}${base}`;
    return host;
  }

  /** As if the cable was pulled. */
  cut(): void {
    this.isUp = false;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isUp = true;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const name = pathname.startsWith(this.base) ? pathname.slice(this.base.length) : null;
    this.requests.push(name ?? pathname);
    const isFolder = name === '' || name?.endsWith('/');
    const file = isFolder ? `${name}index.html` : name;
    const place = file === null ? null : path.join(this.build.folder, file);
    const found = place === null ? undefined : statSync(place, { throwIfNoEntry: false });
    if (found?.isDirectory()) {
      response.writeHead(301, { location: `${pathname}/` }).end();
      return;
    }
    const fault = file === null ? undefined : this.faults.get(file);
    if (!found || fault === 'missing') {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html><title>No such page</title>');
      return;
    }
    const bytes = readFileSync(place!);
    const half = bytes.subarray(0, bytes.length >> 1);
    const type = types[path.extname(file!)] ?? 'application/octet-stream';
    const head = { ...this.headers, 'content-type': type };
    if (fault === 'html') response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Please sign in</title>');
    else if (fault === 'short') response.writeHead(200, head).end(half);
    else if (fault === 'changed') response.writeHead(200, head).end(Buffer.concat([bytes, Buffer.from('\n')]));
    else if (fault === 'cut') {
      response.writeHead(200, { ...head, 'content-length': bytes.length });
      response.write(half, () => setTimeout(() => response.destroy(), 50));
    } else {
      response.writeHead(200, head);
      if (request.method === 'HEAD') {
        response.end();
        return;
      }
      // In pieces, each after the one before was taken.
      const write = (from: number): void => {
        if (from >= bytes.length) {
          response.end();
          return;
        }
        const piece = bytes.subarray(from, from + (64 << 10));
        response.write(piece, (error) => {
          if (error) return;
          this.moved.set(file!, (this.moved.get(file!) ?? 0) + piece.length);
          write(from + piece.length);
        });
      };
      write(0);
    }
  }
}

/** What a page got from its own site, by path: the hash of each file but the largest. */
export class Received {
  private readonly waited: Promise<void>[] = [];
  private hashes = new Map<string, string>();

  constructor(
    page: Page,
    private readonly host: Host,
  ) {
    page.on('response', (response) => {
      const url = new URL(response.url());
      const isOurs = response.url().startsWith(host.site) && url.search === '' && response.status() === 200;
      const isPage = response.request().isNavigationRequest() && response.status() === 200;
      if (!(isOurs || isPage) || /\.wasm(\.gz)?$/.test(url.pathname)) return;
      const name = url.pathname.slice(host.base.length);
      const file = name === '' || name.endsWith('/') ? `${name}index.html` : name;
      const look = async () => {
        this.hashes.set(file, hashOf(await response.body()));
      };
      // The body of a page that was left is gone.
      this.waited.push(look().catch(() => {}));
    });
  }

  clear(): void {
    this.hashes.clear();
  }

  /** Every file is this build's: pages and the changed script among them. */
  async expectAllOf(build: Build): Promise<void> {
    await Promise.all(this.waited);
    const got = [...this.hashes].filter(([file]) => file !== 'service_worker.js');
    const wrong = got.filter(([file, hash]) => build.files[file]?.[0] !== hash).map(([file]) => file);
    expect(wrong, `files that are not of ${build.version}`).toEqual([]);
    const files = got.map(([file]) => file);
    expect(files.some((file) => file.endsWith('index.html'))).toBe(true);
    expect(files).toContain(scriptOf(build));
    this.clear();
  }
}

/** The versions that are kept whole on the device. */
export function keptVersions(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const whole: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      if (await cache.match(new URL('?whole', document.baseURI))) whole.push(name.split(' ').pop()!);
    }
    return whole;
  });
}

/** The version that a page is of, as it says itself. */
export function versionOf(page: Page): Promise<string | null> {
  return page.locator('meta[name="version"]').getAttribute('content');
}
