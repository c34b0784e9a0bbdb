// Gets a URL through an HTTP proxy and prints the body: node fetch.mjs CLIENT PROXY URL CA_FILE
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { fetch, ProxyAgent } from 'undici';

const [client, proxy, url, caFile] = process.argv.slice(2);
const ca = readFileSync(caFile);

if (client === 'undici') {
  const response = await fetch(url, { dispatcher: new ProxyAgent({ uri: proxy, requestTls: { ca } }) });
  console.log(await response.text());
} else {
  const { get } = url.startsWith('https:') ? https : http;
  get(url, { agent: new HttpsProxyAgent(proxy), ca }, (response) => response.pipe(process.stdout));
}
