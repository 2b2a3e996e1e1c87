/** What is there, as far as it is known: null before. */
export interface WhatIsThere {
  /** Events received since this Millrace began. */
  events: number | null;
  /** Metrics that somebody has defined. */
  metrics: number | null;
  boards: number | null;
}

export interface FirstStep {
  word: 'Send' | 'See' | 'Save';
  /** Behind the word. */
  rest: string;
  /** Where it is done. */
  href: string;
  link: string;
  done: boolean;
}

/** Returns the three steps of who begins; none once all are done, or while what is there is not known. */
export function firstSteps({ events, metrics, boards }: WhatIsThere): FirstStep[] {
  if (events === null || metrics === null || boards === null) return [];
  const steps: FirstStep[] = [
    {
      ...{ word: 'Send', rest: 'an event, from anywhere.', href: '/connect', link: 'How to send' },
      done: events > 0,
    },
    {
      ...{ word: 'See', rest: 'what came, as it comes.', href: '/events', link: 'The newest events' },
      // Whoever has saved something of it has seen it.
      done: events > 0 && (metrics > 0 || boards > 0),
    },
    {
      ...{ word: 'Save', rest: 'what you count as a metric.', href: '/catalogue/new', link: 'A new metric' },
      done: metrics > 0,
    },
  ];
  return steps.every(({ done }) => done) ? [] : steps;
}
