// Talks to the echo server in every way a WebSocket has: node websocket.mjs URL [PROXY]; prints what went well.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { WebSocket } from 'ws';

const [url, proxy] = process.argv.slice(2);
const agent = proxy ? new HttpsProxyAgent(proxy) : undefined;

async function echo(socket, data, isBinary = false) {
  socket.send(data, { binary: isBinary });
  const [answer, answerIsBinary] = await once(socket, 'message');
  assert.equal(answerIsBinary, isBinary);
  assert.deepEqual(answer, Buffer.from(data));
}

for (const perMessageDeflate of [false, { threshold: 0 }]) {
  const socket = new WebSocket(url, { perMessageDeflate, agent });
  await once(socket, 'open');
  assert.equal(socket.extensions, perMessageDeflate ? 'permessage-deflate' : '');
  console.log('extensions', socket.extensions);
  await echo(socket, 'text \u20ac');
  console.log('text');
  await echo(socket, randomBytes(300), true);
  console.log('binary');
  await echo(socket, randomBytes(70_000), true);
  console.log('large');
  socket.ping('are you there');
  assert.equal(String((await once(socket, 'pong'))[0]), 'are you there');
  console.log('ping');
  socket.send('one ', { fin: false });
  socket.send('two ', { fin: false });
  socket.send('three', { fin: true });
  assert.equal(String((await once(socket, 'message'))[0]), 'one two three');
  console.log('fragments');
  socket.close(4001, 'done');
  assert.equal((await once(socket, 'close'))[0], 4001);
  console.log('close');
}
