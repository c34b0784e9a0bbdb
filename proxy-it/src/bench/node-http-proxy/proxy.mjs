// node-http-proxy, a worker per processor, without time limits and with room for all streams.
// Takes the port to listen on and the URI to forward to.
import cluster from 'node:cluster';
import http from 'node:http';
import https from 'node:https';
import { availableParallelism } from 'node:os';
import httpProxy from 'http-proxy';

const [port, upstream] = process.argv.slice(2);

if (cluster.isPrimary) {
  for (let worker = 0; worker < availableParallelism(); worker++) {
    cluster.fork();
  }
} else {
  const { Agent } = upstream.startsWith('https:') ? https : http;
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 256 });
  // With the Host of the client, the certificate would have to be for that one.
  const proxy = httpProxy.createProxyServer({ target: upstream, agent, changeOrigin: true });
  proxy.on('error', (failure, request, response) => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.writeHead(502).end();
  });
  const server = http.createServer((request, response) => proxy.web(request, response));
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 3_600_000;
  server.listen({ port, host: '127.0.0.1', backlog: 4096 });
}
