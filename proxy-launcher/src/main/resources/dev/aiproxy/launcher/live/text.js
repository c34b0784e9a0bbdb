// Numbers, times and sizes as people read them.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

export const count = (number) => whole.format(number);

export const rate = (number) => (number >= 100 ? whole : oneDigit).format(number);

export const time = (iso) => clock.format(new Date(iso));

/** Milliseconds, in the unit that leaves two or three digits. */
export function wait(millis) {
  if (millis < 1000) {
    return `${Math.round(millis)} ms`;
  }
  return millis < 100_000 ? `${(millis / 1000).toFixed(millis < 10_000 ? 2 : 1)} s` : age(millis);
}

/** The two largest units. */
export function age(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} m ${seconds % 60} s`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} m` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function bytes(number) {
  let size = number;
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (size < 1000 || unit === 'GB') {
      return `${unit === 'B' ? size : size.toFixed(1)} ${unit}`;
    }
    size /= 1000;
  }
  return '';
}

/** Sets a text, and only if it is another: what has not changed is not drawn again. */
export function put(element, text) {
  const wanted = String(text);
  if (element.textContent !== wanted) {
    element.textContent = wanted;
  }
}
