/** An app that shows codes (RFC 6238: SHA-1, six digits, 30 seconds), as people have one on their phone. */
import { createHmac } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

/** Seconds of a step. */
const STEP = 30;

/** How many steps ahead a code counts already. */
const AHEAD = 1;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export class CodeApp {
  private readonly secret: Buffer;
  private used = 0;

  /** From a secret as it is shown: Base32 (RFC 4648 section 6), in groups. */
  constructor(shown: string) {
    const bits = [...shown.replaceAll(/\s/g, '')].map((sign) => ALPHABET.indexOf(sign).toString(2).padStart(5, '0')).join('');
    const bytes = bits.match(/.{8}/g) ?? [];
    this.secret = Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
  }

  /** A code that was not used yet; waits for it where all that count were. */
  async next(): Promise<string> {
    const now = (): number => Math.floor(Date.now() / 1000 / STEP);
    const step = Math.max(now(), this.used + 1);
    while (now() + AHEAD < step) await setTimeout(500);
    this.used = step;
    return code(this.secret, step);
  }
}

function code(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000;
  return String(number).padStart(6, '0');
}
