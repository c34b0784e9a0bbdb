import OpenAI from 'openai';
import { proxy, run } from './run.mjs';

const client = new OpenAI({ baseURL: `${proxy}/v1`, apiKey: 'sk-none', maxRetries: 0 });
const question = {
  model: 'gpt-5-mini',
  messages: [{ role: 'user', content: 'What does the river say?' }],
};

await run({
  call: () => client.chat.completions.create(question),
  stream: () => client.chat.completions.create({ ...question, stream: true }),
});
