// Drives a real Chromium: takes one command a line as JSON, and says what came of it as JSON, a line each.
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { snapshot } from './live-example.mjs';

const PATIENCE_MS = 12_000;

const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
  ],
});
let page;
let problems = [];

/** Runs in the page before its own scripts. */
function watch() {
  window.longTasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((task) => window.longTasks.push(task.duration)))
    .observe({ type: 'longtask', buffered: true });
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`);
  });
}

/** Instead of a feed: one snapshot, again and again. */
function feed(json) {
  window.EventSource = class {
    constructor() {
      const tell = () => this.onmessage({ data: json });
      setTimeout(tell, 0);
      setInterval(tell, 1_000);
    }
  };
}

const commands = {
  async open({ url, width, height, scheme, motion, example }) {
    await page?.context().close();
    problems = [];
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: scheme ?? 'light',
      reducedMotion: motion ?? 'no-preference',
      deviceScaleFactor: 1,
      locale: 'en-GB',
      timezoneId: 'UTC',
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
    page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        problems.push(message.text());
      }
    });
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(url).origin) {
        problems.push(`asked elsewhere: ${request.url()}`);
      }
    });
    await page.addInitScript(watch);
    if (example) {
      await page.addInitScript(feed, JSON.stringify(snapshot()));
    }
    await page.goto(url);
    return true;
  },

  evaluate: ({ script }) => page.evaluate(script),

  /** Asks again and again from out here, since the page's policy lets nothing evaluate texts within it. */
  async await({ script }) {
    const deadline = Date.now() + PATIENCE_MS;
    while (!await page.evaluate(script)) {
      if (Date.now() > deadline) {
        throw new Error(`waited ${PATIENCE_MS} ms for it`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return true;
  },

  async fill({ selector, text }) {
    await page.fill(selector, text);
    return true;
  },

  async click({ selector }) {
    await page.click(selector);
    return true;
  },

  async press({ key }) {
    await page.keyboard.press(key);
    return page.evaluate('document.activeElement.id || document.activeElement.className || document.activeElement.tagName');
  },

  async screenshot({ path, fullPage }) {
    await page.screenshot({ path, fullPage: fullPage ?? true });
    return true;
  },

  problems: () => problems,

  version: () => browser.version(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  let answer;
  try {
    answer = { value: await commands[command.do](command) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
