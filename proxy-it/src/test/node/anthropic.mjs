import Anthropic from '@anthropic-ai/sdk';
import { proxy, run } from './run.mjs';

const client = new Anthropic({ baseURL: proxy, apiKey: 'sk-ant-none', maxRetries: 0 });
const question = {
  model: 'claude-haiku-4-5',
  max_tokens: 64,
  messages: [{ role: 'user', content: 'What does the river say?' }],
};

await run({
  call: () => client.messages.create(question),
  stream: () => client.messages.create({ ...question, stream: true }),
});
