// A snapshot as the live page gets it, of a day that never was: for pictures of the page.

const IN_FLIGHT = 9;
const MODELS = ['gpt-5-mini', 'gpt-5', 'claude-sonnet-4-5', 'o4-mini', 'llama-4-70b'];
const CLIENTS = [['10.2.0.17', 'ann'], ['10.2.0.31', 'build-agent'], ['10.2.0.40', 'chat-web'], ['10.2.0.52', undefined]];
const VERDICTS = [
  'complete', 'complete', 'complete', 'complete', 'client_gone', 'complete', 'complete', 'complete',
  'no_terminal_event', 'complete', 'complete', 'upstream_cut', 'complete', 'timeout', 'complete', 'complete',
];

/** The same numbers every time. */
function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const time = (millis) => new Date(millis).toISOString();
const path = (model) => (model.startsWith('claude') ? '/v1/messages' : '/v1/chat/completions');

function streams(roll) {
  return Array.from({ length: IN_FLIGHT }, (_, index) => {
    const model = MODELS[Math.floor(roll() * MODELS.length)];
    const [client, clientName] = CLIENTS[Math.floor(roll() * CLIENTS.length)];
    const pace = 8 + roll() * 60;
    const ageMs = Math.round(1000 + (IN_FLIGHT - index) ** 2.4 * 900);
    const seconds = Math.min(30, Math.floor(ageMs / 1000));
    const isStalled = index === 3;
    const tokensPerSecond = Array.from({ length: seconds }, (_, second) => (
      isStalled && second > seconds - 14 ? 0 : Math.round(pace * (0.6 + 0.5 * roll() + 0.25 * Math.sin(second / 3 + index)))));
    const tokenEvents = Math.round((ageMs / 1000) * pace * 0.9);
    return {
      id: 4200 + index, client, clientName, method: 'POST', path: path(model), status: 200, ageMs,
      silentMs: isStalled ? 13_400 : Math.round(4 + roll() * 90), requestBytes: 2048, responseBytes: tokenEvents * 212,
      model, tokenEvents, firstTokenMs: Math.round(300 + roll() * 500), tokensPerSecond,
    };
  });
}

function ended(roll, now) {
  return Array.from({ length: 100 }, (_, index) => {
    const model = MODELS[Math.floor(roll() * MODELS.length)];
    const [client, clientName] = CLIENTS[Math.floor(roll() * CLIENTS.length)];
    const verdict = VERDICTS[index % VERDICTS.length];
    const durationMs = Math.round(900 + roll() * 24_000);
    const outcome = { complete: 'completed', timeout: 'timed_out', no_terminal_event: 'completed' }[verdict] ?? verdict;
    return {
      time: time(now - index * 2_700 - durationMs), id: 4199 - index, client, clientName, method: 'POST', path: path(model),
      status: 200, outcome, verdict, model, requestBytes: 2048, responseBytes: 90_000, durationMs,
      tokenEvents: Math.round(durationMs / 24), firstTokenMs: Math.round(300 + roll() * 500),
    };
  });
}

function history(roll, now) {
  const steps = Array.from({ length: 180 }, (_, index) => {
    const wave = 1 + 0.45 * Math.sin(index / 21) + 0.25 * Math.sin(index / 6);
    const burst = index > 128 && index < 142 ? 2.4 : 1;
    const first = 380 * wave ** 0.4 * burst * (0.9 + 0.2 * roll());
    const gap = 19 * wave ** 0.2 * (0.9 + 0.2 * roll());
    return {
      at: time(now - (180 - index) * 5_000), requests: Math.round(15 * wave * (0.7 + 0.6 * roll())), ended: 14,
      failed: burst > 1 && roll() > 0.4 ? 2 : 0, tokens: 2_100, inFlight: IN_FLIGHT,
      firstTokenMs: [first, first * (1.7 + 0.4 * roll()), first * (2.4 + roll() * 1.2)].map(Math.round),
      gapMs: [gap, gap * (2 + roll()), gap * (4 + roll() * 6)].map(Math.round),
    };
  });
  return { stepSeconds: 5, mostSteps: 180, steps };
}

/** All of it. */
export function snapshot() {
  const roll = dice(7);
  const now = Date.parse('2026-11-23T09:08:07Z');
  return {
    at: time(now),
    program: {
      version: '0.1.0', startedAt: time(now - 97_000_000), target: 'https://api.openai.com:443',
      baseUris: ['http://localhost:8080', 'http://10.2.0.5:8080'],
    },
    totals: {
      inFlight: IN_FLIGHT, requests: 48_213, requestsPerSecond: 3.2,
      outcomes: { completed: 47_310, refused: 14, client_gone: 702, upstream_failed: 96, upstream_cut: 41, timed_out: 36, shut_down: 0 },
      verdicts: { complete: 46_830, upstream_cut: 41, client_gone: 655, timeout: 31, shut_down: 0, no_terminal_event: 19 },
      inputTokens: 18_402_113, outputTokens: 21_933_870, tokenEvents: 22_480_118, tokensPerSecond: 436.4,
      upstreamCancels: 688, replays: 12,
    },
    health: {
      state: 'answering', failuresInARow: 0, lastSuccess: time(now - 1_200), lastFailure: time(now - 271_000),
      reason: 'upstream_cut',
    },
    streams: streams(roll),
    ended: ended(roll, now),
    history: history(roll, now),
    config: [
      { key: 'TARGET_HOST', value: 'api.openai.com', origin: 'default' },
      { key: 'LISTEN_PORT', value: '8080', origin: 'default' },
      { key: 'PROXY_TOKENS', value: '***', origin: 'environment' },
      { key: 'ADMIN_PORT', value: '9091', origin: '/srv/ai-proxy/config.env:7' },
    ],
  };
}
