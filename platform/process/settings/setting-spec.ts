type SettingKind = 'text' | 'secret' | 'integer' | 'duration' | 'bytes' | 'flag';

/** One setting: its name outside, its kind, its bounds and what it is for. The functions below make one of each kind. */
export interface SettingSpec<T extends string | number | boolean = string | number | boolean> {
  env: string;
  /** `duration` is ms in code and "10s" or "500ms" in the environment; `bytes` is whole bytes; `secret` is never shown. */
  kind: SettingKind;
  default: T;
  min?: number;
  max?: number;
  /** For `text`: the only values allowed. */
  oneOf?: readonly string[];
  help: string;
}

type Options<T extends string | number | boolean> = Omit<SettingSpec<T>, 'kind'>;
type Bounded = Required<Omit<Options<number>, 'oneOf'>>;

export const text = (options: Omit<Options<string>, 'min' | 'max'>): SettingSpec<string> => ({
  kind: 'text',
  ...options,
});
/** Text that no message and no log ever shows; at least `min` characters, if given. */
export const secret = (options: Pick<Options<string>, 'env' | 'help' | 'min'>): SettingSpec<string> => ({
  kind: 'secret',
  default: '',
  min: 0,
  ...options,
});
export const flag = (options: Pick<Options<boolean>, 'env' | 'default' | 'help'>): SettingSpec<boolean> => ({
  kind: 'flag',
  ...options,
});
const number =
  (kind: 'integer' | 'duration' | 'bytes') =>
  (options: Bounded): SettingSpec<number> => ({ kind, ...options });
export const integer = number('integer');
export const duration = number('duration');
export const bytes = number('bytes');
