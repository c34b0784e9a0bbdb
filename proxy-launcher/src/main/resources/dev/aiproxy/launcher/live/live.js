// Takes the feed, keeps what it told last, and draws what has changed when the browser is about to draw anyway.
import { charts } from './charts.js';
import { configRows, endedRows, isFound, streamRows } from './tables.js';
import { age, count, put, rate, time, wait } from './text.js';

const SILENCE_MS = 5_000;
const SUMMARY_EVERY_MS = 10_000;
const AGAIN_MS = 3_000;

const find = (id) => document.getElementById(id);
const facts = Object.fromEntries(
  [...document.querySelectorAll('[data-fact]')].map((element) => [element.dataset.fact, element]),
);
const streams = streamRows(find('streams'));
const ended = endedRows(find('ended'));
const config = configRows(find('config'));
const drawCharts = charts(document);

/** What is known, section by section, as live.json has it. */
const known = {};
const changed = new Set();
let isDrawPending = false;
let heardAt = 0;
let summarisedAt = -Infinity;

const draw = {
  program({ version, startedAt, target, baseUris }) {
    put(find('program'), `${version} · since ${time(startedAt)} · to ${target}`);
    const base = find('base');
    if ([...base.options].map((option) => option.value).join() !== baseUris.join()) {
      base.replaceChildren(...baseUris.map((uri) => new Option(uri, uri)));
    }
  },

  totals(totals) {
    put(facts.inFlight, count(totals.inFlight));
    put(facts.requestsPerSecond, rate(totals.requestsPerSecond));
    put(facts.requests, count(totals.requests));
    put(facts.tokensPerSecond, rate(totals.tokensPerSecond));
    put(facts.tokenEvents, count(totals.tokenEvents));
    put(find('streams-count'), count(totals.inFlight));
    put(find('verdicts'), sum(totals));
  },

  health({ state, lastSuccess, lastFailure, reason, failuresInARow }) {
    find('health').dataset.health = state;
    put(facts.health, `${{ answering: '✓', failing: '✕', unknown: '?' }[state]} ${state}`);
    const failure = lastFailure ? `failed ${time(lastFailure)}: ${reason}` : 'no failure seen';
    const inARow = failuresInARow > 1 ? `, ${count(failuresInARow)} in a row` : '';
    const success = lastSuccess ? `answered ${time(lastSuccess)}` : 'no answer yet';
    put(facts.healthMore, state === 'failing' ? `${failure}${inARow}; ${success}` : `${success}; ${failure}`);
  },

  streams(rows) {
    streams.show(rows);
    find('streams-empty').hidden = rows.length > 0;
  },

  ended() {
    drawEnded();
  },

  history(history) {
    drawCharts(history);
    newest(history, 'firstTokenMs', facts.firstToken, facts.firstTokenMore);
    newest(history, 'gapMs', facts.gap, facts.gapMore);
  },

  config(settings) {
    config.show(settings);
    put(find('config-count'), count(settings.length));
    put(find('config-set'), count(settings.filter((setting) => setting.origin !== 'default').length));
  },
};

function newest({ steps }, field, value, more) {
  const last = steps.findLast((step) => step[field])?.[field];
  put(value, last ? wait(last[0]) : '–');
  put(more, last ? `median; p95 ${wait(last[1])}, p99 ${wait(last[2])}` : 'median');
}

function sum({ outcomes, verdicts, inputTokens, outputTokens }) {
  const told = (counts) => Object.entries(counts)
    .filter(([, number]) => number > 0)
    .map(([name, number]) => `${count(number)} ${name.replaceAll('_', ' ')}`)
    .join(', ') || 'none';
  return `Since the start: ${told(outcomes)}. Answers read: ${told(verdicts)}. `
    + `Tokens told: ${count(inputTokens)} in, ${count(outputTokens)} out.`;
}

function drawEnded() {
  const all = known.ended ?? [];
  const filter = find('filter').value.trim();
  const shown = filter ? all.filter((item) => isFound(item, filter)) : all;
  ended.show(shown);
  put(find('ended-count'), filter ? `${shown.length} of ${all.length}` : all.length);
  find('ended-empty').hidden = shown.length > 0;
  put(find('ended-empty'), all.length ? 'Nothing of what ended last is like that.' : 'Nothing has ended yet.');
}

function drawChanged() {
  isDrawPending = false;
  changed.forEach((section) => draw[section]?.(known[section]));
  changed.clear();
  tellShown();
  summarise();
}

function tellShown() {
  const total = known.totals?.inFlight ?? 0;
  const shown = known.streams?.length ?? 0;
  const note = total > shown ? `the ${shown / 2} oldest and the ${shown / 2} youngest are listed` : '';
  put(find('streams-note'), note);
  put(facts.shown, note ? `${shown} listed` : 'all listed');
}

/** For screen readers, who should not hear every second. */
function summarise() {
  if (performance.now() - summarisedAt > SUMMARY_EVERY_MS) {
    summarisedAt = performance.now();
    put(find('summary'), `${facts.inFlight.textContent} in flight, ${facts.requestsPerSecond.textContent} requests `
      + `per second, AI server ${known.health?.state ?? 'unknown'}`);
  }
}

function take(event) {
  heardAt = performance.now();
  setState('live', 'live');
  const news = JSON.parse(event.data);
  Object.keys(news).forEach((section) => changed.add(section));
  Object.assign(known, news);
  if (!isDrawPending) {
    isDrawPending = true;
    requestAnimationFrame(drawChanged);
  }
}

function setState(state, word, trouble = '') {
  const before = document.body.dataset.state;
  document.body.dataset.state = state;
  put(find('state'), word);
  put(find('trouble'), trouble);
  find('trouble').hidden = !trouble;
  if (before !== state && (trouble || before === 'gone')) {
    put(find('summary'), trouble || 'the proxy answers again');
  }
}

function gone() {
  const since = heardAt ? ` What is shown is ${age(performance.now() - heardAt)} old.` : '';
  setState('gone', 'no answer', 'The proxy does not answer: it may have stopped, or restarts, or has too many watchers.'
    + ` Trying again.${since}`);
}

function listen() {
  const feed = new EventSource('live/events');
  feed.onmessage = take;
  feed.onerror = () => {
    gone();
    // The browser tries again by itself, but for a refusal.
    if (feed.readyState === EventSource.CLOSED) {
      setTimeout(listen, AGAIN_MS);
    }
  };
}

async function copyBase() {
  const base = find('base').value;
  put(find('copied'), (await isCopied(base)) ? 'copied' : `press Ctrl+C: ${base}`);
  setTimeout(() => put(find('copied'), ''), AGAIN_MS);
}

/** Browsers have a clipboard for pages from this machine or over TLS only; for others, the old way. */
async function isCopied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.className = 'unseen';
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    find('copy').focus();
    return done;
  }
}

find('filter').addEventListener('input', drawEnded);
find('copy').addEventListener('click', copyBase);
setInterval(() => {
  if (document.body.dataset.state === 'gone' || (heardAt && performance.now() - heardAt > SILENCE_MS)) {
    gone();
  }
}, 1_000);
listen();
