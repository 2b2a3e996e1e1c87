// `npm test`: everything that needs no outside server. `npm test -- crash faults hostile foreign` runs the kills, the other faults, the attacks and the clients in other languages.
import { buildWhatIsOld } from './run/build-parts.mjs';
import { installWhatIsMissing } from './run/install.mjs';
import { runChecks, runVitest } from './run/suites.mjs';

try {
  await installWhatIsMissing();
  await buildWhatIsOld();
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}

const SUITES = {
  checks: runChecks,
  unit: () => runVitest('unit'),
  browser: () => runVitest('browser'),
  crash: () => runVitest('crash'),
  faults: () => runVitest('faults'),
  hostile: () => runVitest('hostile'),
  mutation: () => runVitest('mutation'),
  soak: () => runVitest('soak'),
  bench: () => runVitest('bench'),
  foreign: () => runVitest('foreign'),
  kafka: () => runVitest('kafka'),
  services: () => runVitest('services'),
  image: () => runVitest('image'),
};
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in SUITES));
if (unknown !== undefined) {
  console.error(`There is no suite ${JSON.stringify(unknown)}; there are ${Object.keys(SUITES).join(', ')}.`);
  process.exit(2);
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of asked.length > 0 ? asked : ['checks', 'unit', 'browser']) {
  const counts = await SUITES[name]();
  for (const key of Object.keys(total)) total[key] += counts[key];
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
