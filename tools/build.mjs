// Builds what browsers are served, by the Node that runs this; for images. `npm start` and `npm test` do it by themselves.
import { buildWhatIsOld } from './run/build-parts.mjs';

await buildWhatIsOld(process.execPath);
