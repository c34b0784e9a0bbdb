// A WebSocket server that sends back what it gets; prints its port and ends with its stdin.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: { threshold: 0 } }, () =>
  console.log(server.address().port),
);
server.on('connection', (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })));
process.stdin.resume().on('end', () => process.exit());
