import { tick } from 'svelte';
import type { Session } from '../../app/session.svelte.ts';
import type { Choice } from './palette-items.ts';

/** Does what was chosen in the palette, which is closed by then; `showShortcuts` opens their list. Copying the link is left to the palette, which says where it failed. */
export async function takeChoice(session: Session, choice: Choice, showShortcuts: () => void): Promise<void> {
  if ('range' in choice) session.go({ range: choice.range });
  else if ('to' in choice) await goTo(session, choice);
  else if (choice.action === 'pause') session.pause();
  else if (choice.action === 'live') session.resume();
  else if (choice.action === 'shortcuts') showShortcuts();
  else if (choice.action === 'letters') session.setLetters(!session.letters);
  else if (choice.action === 'system theme') session.setTheme('system');
  else if (choice.action !== 'copy link') session.setTheme(choice.action);
}

async function goTo(session: Session, { to, panel }: Extract<Choice, { to: unknown }>): Promise<void> {
  // A panel that is still to come takes the focus itself where nothing else has it.
  const focused = document.activeElement;
  if (panel !== null && focused instanceof HTMLElement) focused.blur();
  session.go({ place: to, panel });
  await tick();
  if (panel !== null) document.querySelector<HTMLElement>(`[data-panel="${CSS.escape(panel)}"]`)?.focus();
}
