import { Socket } from 'node:net';
import { Readable } from 'node:stream';

/**
 * Preloaded (`node --import`), it lets a process hear each answer later, as if whom it asks were far away: what is on its
 * way at the same time is late only once. `FAR_AWAY_MS`: the time there and back.
 */
const delayMs = Number(process.env.FAR_AWAY_MS ?? 0);

if (delayMs > 0)
  Socket.prototype.push = function (chunk, encoding) {
    setTimeout(() => Readable.prototype.push.call(this, chunk, encoding), delayMs);
    return true;
  };
