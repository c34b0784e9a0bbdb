// Makes one call with an SDK and prints what it hands out, one line of JSON each, as soon as it does.
//
// node <client>.mjs call <proxy>    prints the answer; or the error the SDK has raised, and exits with 1
// node <client>.mjs stream <proxy>  prints each event; "cancel" on stdin leaves the stream and prints "cancelled",
//                                   and then the process stays until stdin ends
import { createInterface } from 'node:readline';

const mode = process.argv[2];
export const proxy = process.argv[3];

export async function run(client) {
  if (mode === 'call') {
    await call(client);
  } else {
    await stream(client);
  }
}

async function call(client) {
  try {
    print(await client.call());
  } catch (raised) {
    // Anthropic's SDK keeps the whole body, OpenAI's the member "error" of it.
    const error = raised.error?.error ?? raised.error;
    print({ type: raised.constructor.name, status: raised.status, error });
    process.exitCode = 1;
  }
}

async function stream(client) {
  const commands = createInterface({ input: process.stdin });
  const events = await client.stream();
  let cancelled = false;
  commands.on('line', () => {
    cancelled = true;
    events.controller.abort();
  });
  for await (const event of events) {
    print(event);
  }
  if (cancelled) {
    print('cancelled');
    return;
  }
  commands.close();
  process.stdin.destroy();
}

function print(value) {
  console.log(JSON.stringify(value));
}
