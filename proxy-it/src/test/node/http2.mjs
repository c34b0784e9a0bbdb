// Gets a URL in HTTP/2 and prints what comes as it comes: node http2.mjs CLIENT URL CA_FILE
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { Agent, request } from 'undici';

const [client, url, caFile] = process.argv.slice(2);
const ca = readFileSync(caFile);

if (client === 'undici') {
  const dispatcher = new Agent({ allowH2: true, connect: { ca } });
  const { body } = await request(url, { dispatcher });
  for await (const piece of body) process.stdout.write(piece);
  await dispatcher.close();
} else {
  const { origin, pathname } = new URL(url);
  const session = http2.connect(origin, { ca });
  const stream = session.request({ ':path': pathname });
  stream.pipe(process.stdout);
  stream.on('end', () => session.close());
}
