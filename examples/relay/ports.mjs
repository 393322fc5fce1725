// Free ports on loopback: the wanted one if nobody has it, else any.

import { createServer } from 'node:net';

function listen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const taken = server.address().port;
      server.close(() => resolve(taken));
    });
  });
}

/** @param {number} [wanted] @returns {Promise<number>} */
export async function freePort(wanted = 0) {
  return (await listen(wanted)) ?? (await listen(0));
}
