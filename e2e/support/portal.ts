/** A portal of its own for a journey: the real binary with the demo's people, on a fresh data folder. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The password of all people of the demo. */
export const PASSWORD = 'Demo-Haus-26';

const BINARY = process.env.KEYHAUS_BINARY ?? join(ROOT, 'target/debug/keyhaus');

/** Settings of the server, by the names of their variables. */
export type Settings = Readonly<Record<string, string>>;

export class Portal {
  private constructor(
    /** Scheme, host and port, without a slash at the end. */
    readonly origin: string,
    private readonly folder: string,
    private readonly server: ChildProcess,
  ) {}

  /** Starts the server with these settings besides the demo's, and waits until it answers. */
  static async start(settings: Settings = {}): Promise<Portal> {
    const folder = await mkdtemp(join(tmpdir(), 'keyhaus-'));
    const listen = `127.0.0.1:${await freePort()}`;
    const origin = `http://${listen}`;
    const server = spawn(BINARY, ['serve', '--demo'], {
      cwd: folder,
      env: { ...process.env, ...environment(folder), ...settings, KEYHAUS_LISTEN: listen, KEYHAUS_ORIGIN: origin, KEYHAUS_LOG: 'warn' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    server.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const ended = once(server, 'exit').then(([code]) => {
      throw new Error(`the server ended with ${String(code)}: ${said}`);
    });
    // The list of sign-ins is printed when the demo's data are there, just before requests are taken.
    await Promise.race([once(server.stdout, 'data'), ended]);
    ended.catch(() => undefined);
    const ready = await fetch(`${origin}/readyz`);
    if (!ready.ok) throw new Error(`the server is not ready: ${ready.status} ${await ready.text()}`);
    return new Portal(origin, folder, server);
  }

  /** Runs `keyhaus import invoices` on the portal's data, as the operator does while it is served. */
  async importInvoices(path: string, account?: string): Promise<string> {
    const chosen = account === undefined ? [] : ['--account', account];
    const env = { ...process.env, ...environment(this.folder) };
    const { stdout } = await promisify(execFile)(BINARY, ['import', 'invoices', path, ...chosen], { cwd: this.folder, env });
    return stdout;
  }

  /** Asks the server to stop, waits until it has, and removes what it kept. */
  async stop(): Promise<void> {
    if (this.server.exitCode === null && this.server.signalCode === null) {
      const ended = once(this.server, 'exit');
      this.server.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true });
  }
}

function environment(folder: string): Record<string, string> {
  return { KEYHAUS_DATA_DIR: folder, KEYHAUS_KEY_FILE: join(folder, 'keys'), DATABASE_URL: '', KEYHAUS_SMTP_URL: '' };
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
