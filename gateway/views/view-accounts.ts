import type { Fault } from '#contracts/errors.ts';
import type { Budget, Owner, OwnerKind, Shortage } from '#platform/limits/budgets.ts';
import { VIEW_BYTES } from '../core/hot/byte-estimates.ts';
import type { OpenView } from '../core/view/live-view.ts';

/** Tracks which owner pays for the memory of each view. */
export interface ViewAccounts {
  /** Returns why the owner may not have another view; null where they may. */
  check(owner: Owner): Fault | null;
  retain(live: OpenView, owner: Owner): void;
  /** The last holder pays for the view until it is dropped. */
  release(live: OpenView, owner: Owner): void;
  isHeld(live: OpenView): boolean;
  /** To be called when the view is closed. */
  drop(live: OpenView): void;
  /** Updates the accounts to the memory that views take now; returns whether an account exceeds its bound. */
  count(views: Iterable<OpenView>): boolean;
  /** Returns the views that have to end so that the payers of the given ones are within their bounds. */
  overdrawn(views: Iterable<OpenView>): { view: OpenView; fault: Fault }[];
}

interface Account {
  /** Owners in the order they came, and how many times each holds the view. */
  readonly holders: Map<Owner, number>;
  payer: Owner;
  bytes: number;
}

export function createViewAccounts(budget: Budget): ViewAccounts {
  /** In the order the views were opened. */
  const accounts = new Map<OpenView, Account>();
  const pay = (account: Account, payer: Owner): void => {
    budget.adjust(-account.bytes, account.payer);
    account.payer = payer;
    budget.adjust(account.bytes, payer);
  };
  const drop = (live: OpenView): void => {
    const account = accounts.get(live);
    if (account !== undefined) budget.adjust(-account.bytes, account.payer);
    accounts.delete(live);
  };
  /** Returns the views that count against a used-up bound, youngest first: those of the payer's share, or of the largest owner of all. */
  const viewsAgainst = (short: Shortage, payer: Owner): OpenView[] => {
    const isOf = short.scope === 'process' ? ofLargest(accounts) : ofShare(short.scope, payer);
    return [...accounts]
      .filter(([, account]) => isOf(account.payer))
      .map(([live]) => live)
      .reverse();
  };
  return {
    check(owner) {
      const short = budget.shortage(VIEW_BYTES, owner);
      return short === null ? null : faultOf(short, false);
    },
    retain(live, owner) {
      let account = accounts.get(live);
      if (account === undefined) {
        account = { holders: new Map(), payer: owner, bytes: live.bytes };
        accounts.set(live, account);
        budget.adjust(live.bytes, owner);
      }
      account.holders.set(owner, (account.holders.get(owner) ?? 0) + 1);
      if (!account.holders.has(account.payer)) pay(account, owner);
    },
    release(live, owner) {
      const account = accounts.get(live);
      if (account === undefined) return;
      const left = (account.holders.get(owner) ?? 1) - 1;
      if (left > 0) account.holders.set(owner, left);
      else account.holders.delete(owner);
      const [next] = account.holders.keys();
      if (next !== undefined && !account.holders.has(account.payer)) pay(account, next);
    },
    isHeld: (live) => (accounts.get(live)?.holders.size ?? 0) > 0,
    drop,
    count(views) {
      let isAbove = false;
      for (const live of views) {
        const account = accounts.get(live);
        if (account === undefined) continue;
        budget.adjust(live.bytes - account.bytes, account.payer);
        account.bytes = live.bytes;
        isAbove ||= budget.shortage(0, account.payer) !== null;
      }
      return isAbove;
    },
    overdrawn(views) {
      const ended: { view: OpenView; fault: Fault }[] = [];
      for (const live of views) {
        const payer = accounts.get(live)?.payer;
        for (
          let short = payer && budget.shortage(0, payer);
          payer && short;
          short = budget.shortage(0, payer)
        ) {
          const view = viewsAgainst(short, payer)[0]!;
          ended.push({ view, fault: faultOf(short, accounts.get(view)!.bytes > short.most) });
          drop(view);
        }
      }
      return ended;
    },
  };
}

const ofShare =
  (kind: OwnerKind, payer: Owner) =>
  (other: Owner): boolean =>
    other[kind] === payer[kind];

/** Matches the owner that holds most of all: a key, else an address, else a connection. */
function ofLargest(accounts: ReadonlyMap<OpenView, Account>): (owner: Owner) => boolean {
  const held = new Map<string, number>();
  let largest = '';
  for (const { payer, bytes } of accounts.values()) {
    const name = nameOf(payer);
    held.set(name, (held.get(name) ?? 0) + bytes);
    if (held.get(name)! >= (held.get(largest) ?? 0)) largest = name;
  }
  return (owner) => nameOf(owner) === largest;
}

const nameOf = ({ key, address, connection }: Owner): string =>
  key !== undefined
    ? `key ${key}`
    : address !== undefined
      ? `address ${address}`
      : `connection ${connection}`;

const WHOSE = { key: 'one key', address: 'one address', connection: 'one connection' } as const;

/** `alone`: the view is larger than the bound by itself. */
function faultOf({ scope, most, setting }: Shortage, alone: boolean): Fault {
  const bound = `${most} bytes (${setting})`;
  const advice = 'Ask for a shorter range, a longer window or fewer groups';
  if (alone)
    return { code: 'view_too_large', message: `The view takes more memory than ${bound}. ${advice}.` };
  if (scope === 'process')
    return {
      code: 'overloaded',
      message: `The views of the gateway have reached their memory limit, ${bound}; try again later.`,
    };
  return {
    code: 'too_many_views',
    message: `The views of ${WHOSE[scope]} have reached their memory limit, ${bound}. Close some of them. ${advice}.`,
  };
}
