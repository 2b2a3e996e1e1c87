// A page in a process of its own, so that a test can freeze it: follows `hits` and prints its total after every change.
import process from 'node:process';
import { createClient } from '#client/index.ts';
import { totalOf } from './total-of.ts';

const client = createClient({ url: process.argv[2]! });
client.subscribe(
  { metric: 'hits', window: '10s', range: '30m' },
  { onChange: (contents) => process.stdout.write(`${totalOf(contents)}\n`) },
);
