import { createFormats, USUAL } from '../src/format/formats.ts';

/** Times and numbers as a page writes them where nothing was chosen, in the zone of this process. */
export const FORMATS = createFormats(USUAL);
