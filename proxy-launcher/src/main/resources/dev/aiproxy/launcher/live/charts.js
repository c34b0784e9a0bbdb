// Charts and sparklines as SVG, drawn by hand. Every text is set as text.
import { count, put, rate, wait } from './text.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 180;
const HEIGHT = 60;
const SPARK_WIDTH = 90;
const SPARK_HEIGHT = 18;

function svg(name, attributes, parent) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  parent?.append(element);
  return element;
}

function html(name, className, parent) {
  const element = document.createElement(name);
  element.className = className;
  parent.append(element);
  return element;
}

/** A line that breaks where there is no value; a value alone becomes a dot. */
function path(values, x, y) {
  let d = '';
  let isOpen = false;
  values.forEach((value, index) => {
    if (value === null) {
      isOpen = false;
      return;
    }
    d += `${isOpen ? 'L' : 'M'}${x(index).toFixed(2)} ${y(value).toFixed(2)}`;
    d += isOpen ? '' : 'h.01';
    isOpen = true;
  });
  return d;
}

/** The smallest of 1, 2, 5, 10, 20, ... that is not less. */
function roundUp(value) {
  const decade = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * decade).find((step) => step >= value * 0.999);
}

const linear = {
  scale(values) {
    const top = roundUp(Math.max(1, ...values));
    return { y: (value) => HEIGHT - (value / top) * HEIGHT, marks: [0, top / 2, top] };
  },
};

const logarithmic = {
  scale(values) {
    const positive = values.map((value) => Math.max(1, value));
    const low = Math.floor(Math.log10(Math.min(...positive, 1e9)));
    const least = positive.length ? low : 1;
    const most = positive.length ? Math.max(least + 1, Math.ceil(Math.log10(Math.max(...positive)))) : 3;
    const y = (value) => HEIGHT - ((Math.log10(Math.max(1, value)) - least) / (most - least)) * HEIGHT;
    const marks = [];
    for (let decade = least; decade <= most; decade++) {
      marks.push(10 ** decade);
    }
    return { y, marks };
  },
};

class Chart {
  constructor(figure, { title, lines, scale, label }) {
    this.lines = lines;
    this.scale = scale;
    this.label = label;
    this.title = title;
    const caption = html('figcaption', '', figure);
    html('span', 'title', caption).textContent = title;
    this.values = lines.map((line) => {
      const entry = html('span', `legend ${line.style}`, caption);
      html('i', '', entry);
      html('span', '', entry).textContent = line.name;
      return html('b', '', entry);
    });
    const plot = html('div', 'plot', figure);
    this.marks = html('div', 'marks', plot);
    this.marks.setAttribute('aria-hidden', 'true');
    this.image = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' }, plot);
    this.grid = svg('path', { class: 'grid' }, this.image);
    this.paths = lines.map((line) => svg('path', { class: `line ${line.style}` }, this.image));
    const axis = html('div', 'axis', figure);
    axis.setAttribute('aria-hidden', 'true');
    ['15 min ago', '10', '5', 'now'].forEach((text) => {
      html('span', '', axis).textContent = text;
    });
  }

  draw(steps, mostSteps) {
    const series = this.lines.map((line) => steps.map(line.value));
    const { y, marks } = this.scale.scale(series.flat().filter((value) => value !== null));
    const x = (index) => ((mostSteps - steps.length + index + 0.5) / mostSteps) * WIDTH;
    series.forEach((values, index) => this.paths[index].setAttribute('d', path(values, x, y)));
    this.grid.setAttribute('d', marks.map((mark) => `M0 ${y(mark).toFixed(2)}H${WIDTH}`).join(''));
    this.mark(marks, y);
    const told = series.map((values, index) => this.tell(values, index));
    this.image.setAttribute('aria-label', `${this.title}, last 15 minutes: ${told.join('; ')}`);
  }

  mark(marks, y) {
    while (this.marks.children.length < marks.length) {
      html('span', '', this.marks);
    }
    [...this.marks.children].forEach((element, index) => {
      element.hidden = index >= marks.length;
      if (!element.hidden) {
        element.style.top = `${(y(marks[index]) / HEIGHT) * 100}%`;
        put(element, this.label(marks[index]).replace(/\.0+(?= |$)/, ''));
      }
    });
  }

  tell(values, index) {
    const known = values.filter((value) => value !== null);
    const last = known.at(-1);
    put(this.values[index], last === undefined ? '–' : this.label(last));
    return known.length
      ? `${this.lines[index].name} ${this.label(last)} now, ${this.label(Math.max(...known))} at most`
      : `${this.lines[index].name} unknown yet`;
  }
}

function percentiles(field) {
  return ['p50', 'p95', 'p99'].map((name, index) => ({
    name,
    style: name,
    value: (step) => (step[field] ? step[field][index] : null),
  }));
}

/** The three charts; draws them from the history's steps. */
export function charts(document) {
  const seconds = { step: 5 };
  const all = [
    new Chart(document.getElementById('requests-chart'), {
      title: 'Requests/s',
      scale: linear,
      label: (value) => (value < 10 ? rate(value) : count(value)),
      lines: [
        { name: 'all', style: 'all', value: (step) => step.requests / seconds.step },
        { name: 'failed', style: 'p99', value: (step) => step.failed / seconds.step },
      ],
    }),
    new Chart(document.getElementById('first-token-chart'), {
      title: 'First token',
      scale: logarithmic,
      label: wait,
      lines: percentiles('firstTokenMs'),
    }),
    new Chart(document.getElementById('gap-chart'), {
      title: 'Token gap',
      scale: logarithmic,
      label: wait,
      lines: percentiles('gapMs'),
    }),
  ];
  return (history) => {
    seconds.step = history.stepSeconds;
    all.forEach((chart) => chart.draw(history.steps, history.mostSteps));
  };
}

/** A small line of counts; its text tells the last and the most. */
export function sparkline(parent) {
  const image = svg('svg', { viewBox: `0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`, class: 'spark', role: 'img' }, parent);
  const line = svg('path', {}, image);
  return (counts, most) => {
    const top = Math.max(1, ...counts);
    const x = (index) => ((most - counts.length + index + 0.5) / most) * SPARK_WIDTH;
    line.setAttribute('d', path(counts, x, (value) => SPARK_HEIGHT - 2 - (value / top) * (SPARK_HEIGHT - 4)));
    image.setAttribute(
      'aria-label',
      counts.length ? `${counts.at(-1)} tokens in the last second, ${top} at most` : 'no tokens',
    );
  };
}
