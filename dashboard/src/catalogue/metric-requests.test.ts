import { expect, it } from 'vitest';
import { ApiError, type Ask } from '../app/ask.ts';
import { saveMetric } from './metric-requests.ts';

it('says which of two things a lost race is', async () => {
  const ask: Ask = async () => {
    throw new ApiError('If-Match names …', 'precondition_failed');
  };
  await expect(saveMetric(ask, 'a', {}, undefined)).rejects.toThrow('There is a metric a already.');
  await expect(saveMetric(ask, 'a', {}, '"1"')).rejects.toThrow('Somebody else has changed it');
});
