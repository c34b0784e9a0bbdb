// Tables whose rows are kept by a key and changed in place. Every text from outside is set as text, never as markup.
import { sparkline } from './charts.js';
import { age, bytes, count, put, time, wait } from './text.js';

const SPARK_SECONDS = 30;

/** So many rows are always drawn at once. Of more, those out of sight take turns. */
const FEW_ROWS = 60;
const TURNS = 5;
const ROWS_AROUND_VIEW = 5;

const VERDICTS = {
  complete: ['✓', 'good'],
  completed: ['✓', 'good'],
  client_gone: ['↩', 'neutral'],
  refused: ['⊘', 'warning'],
  no_terminal_event: ['…', 'warning'],
  shut_down: ['■', 'warning'],
  timeout: ['◷', 'bad'],
  timed_out: ['◷', 'bad'],
  upstream_cut: ['✂', 'bad'],
  upstream_failed: ['✕', 'bad'],
};

/** Keeps a table's rows equal to a list: those that stay are changed, not made anew. */
class KeyedRows {
  constructor(table, key, make) {
    this.body = table.tBodies[0];
    this.key = key;
    this.make = make;
    this.rows = new Map();
    this.turn = 0;
  }

  show(items) {
    const isDue = this.due(items.length);
    const wanted = new Set(items.map(this.key));
    this.rows.forEach((row, key) => {
      if (!wanted.has(key)) {
        row.element.remove();
        this.rows.delete(key);
      }
    });
    let next = this.body.firstElementChild;
    items.forEach((item, index) => {
      const isNew = !this.rows.has(this.key(item));
      const row = this.row(item);
      if (row.element === next) {
        next = next.nextElementSibling;
      } else {
        this.body.insertBefore(row.element, next);
      }
      if (isNew || isDue(index)) {
        row.change(item);
      }
    });
  }

  /** Which rows are to be changed now; looks at the page before anything in it is. */
  due(count) {
    const height = this.body.firstElementChild?.offsetHeight;
    if (count <= FEW_ROWS || !height) {
      return () => true;
    }
    this.turn = (this.turn + 1) % TURNS;
    const sheet = this.body.closest('.sheet');
    const first = sheet.scrollTop / height - ROWS_AROUND_VIEW;
    const last = (sheet.scrollTop + sheet.clientHeight) / height + ROWS_AROUND_VIEW;
    return (index) => (index >= first && index <= last) || index % TURNS === this.turn;
  }

  row(item) {
    const key = this.key(item);
    let row = this.rows.get(key);
    if (!row) {
      const element = document.createElement('tr');
      element.dataset.key = key;
      row = { element, change: this.make(element) };
      this.rows.set(key, row);
    }
    return row;
  }
}

function cell(row, className = '', name = 'td') {
  const element = document.createElement(name);
  element.className = className;
  if (name === 'th') {
    element.scope = 'row';
  }
  row.append(element);
  return element;
}

function span(parent, className = '') {
  const element = document.createElement('span');
  element.className = className;
  parent.append(element);
  return element;
}

const who = (item) => (item.clientName ? `${item.clientName} (${item.client})` : item.client);
const request = (item) => `${item.method} ${item.path}`;

/** What the AI server says of a stream that was cut is what it said at its beginning: less than what came. */
const tokens = ({ outputTokens, tokenEvents }) => (outputTokens === undefined && tokenEvents === undefined
  ? '–'
  : count(Math.max(outputTokens ?? 0, tokenEvents ?? 0)));

/** The model; under it, where columns are few, what these would tell. */
function modelCell(row) {
  const element = cell(row, 'model', 'th');
  const model = span(element, 'main');
  const more = span(element, 'more');
  return (item) => {
    put(model, item.model ?? '–');
    put(more, `${request(item)} · ${who(item)}`);
    element.title = item.model ?? '';
  };
}

function requestCell(row) {
  const element = cell(row, 'request wide');
  return (item) => {
    put(element, request(item));
    element.title = request(item);
  };
}

function textCell(row, className, text) {
  const element = cell(row, className);
  return (item) => put(element, text(item));
}

function streamRow(row) {
  const cells = [
    textCell(row, 'number', (item) => age(item.ageMs)),
    textCell(row, 'wide client', who),
    modelCell(row),
    requestCell(row),
    textCell(row, 'wide', (item) => item.status ?? '–'),
    textCell(row, 'number', tokens),
    textCell(row, 'number wide', (item) => bytes(item.responseBytes)),
    textCell(row, 'number silent', (item) => wait(item.silentMs)),
  ];
  const draw = sparkline(cell(row, 'chart'));
  return (item) => {
    cells.forEach((change) => change(item));
    row.classList.toggle('quieting', item.silentMs > 10_000);
    draw(item.tokensPerSecond ?? [], SPARK_SECONDS);
  };
}

function verdictCell(row) {
  const element = cell(row);
  const badge = span(element, 'badge');
  const sign = span(badge);
  sign.setAttribute('aria-hidden', 'true');
  const name = span(badge);
  return (item) => {
    const verdict = item.verdict ?? item.outcome;
    const [mark, kind] = VERDICTS[verdict] ?? ['·', 'neutral'];
    badge.dataset.kind = kind;
    put(sign, mark);
    put(name, verdict.replaceAll('_', ' '));
    badge.title = item.error ?? '';
  };
}

function endedRow(row) {
  const cells = [
    textCell(row, 'time', (item) => time(item.time)),
    verdictCell(row),
    textCell(row, 'wide client', who),
    modelCell(row),
    requestCell(row),
    textCell(row, 'wide', (item) => item.status ?? '–'),
    textCell(row, 'number wide', (item) => (item.firstTokenMs === undefined ? '–' : wait(item.firstTokenMs))),
    textCell(row, 'number', (item) => wait(item.durationMs)),
    textCell(row, 'number', tokens),
  ];
  return (item) => cells.forEach((change) => change(item));
}

function configRow(row) {
  const cells = [
    cell(row, 'setting', 'th'),
    cell(row, 'value'),
    cell(row, 'wide quiet'),
  ];
  return (item) => {
    put(cells[0], item.key);
    put(cells[1], item.value === '' ? '(none)' : item.value);
    put(cells[2], item.origin);
    row.classList.toggle('set', item.origin !== 'default');
  };
}

export const streamRows = (table) => new KeyedRows(table, (item) => item.id, streamRow);
export const endedRows = (table) => new KeyedRows(table, (item) => item.id, endedRow);
export const configRows = (table) => new KeyedRows(table, (item) => item.key, configRow);

/** Whether all words of a filter are somewhere in what is shown of an exchange. */
export function isFound(item, filter) {
  const verdict = item.verdict ?? item.outcome;
  const text = [
    item.client, item.clientName, item.model, request(item), item.status, verdict,
    verdict.replaceAll('_', ' '), item.error,
  ].join(' ').toLowerCase();
  return filter.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
