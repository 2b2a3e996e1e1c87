/** One setting: its name outside, its kind, its bounds and what it is for. The functions below make one of each kind. */
export interface SettingSpec<T extends string | number | boolean = string | number | boolean> {
  env: string;
  /** `duration` is ms in code and "10s" or "500ms" in the environment; `bytes` is whole bytes; `secret` is never shown. */
  kind: 'text' | 'secret' | 'integer' | 'duration' | 'bytes' | 'flag';
  default: T;
  min?: number;
  max?: number;
  /** For `text`: the only values allowed. */
  oneOf?: readonly string[];
  about: string;
}

export const text = (
  env: string,
  value: string,
  about: string,
  oneOf?: readonly string[],
): SettingSpec<string> =>
  oneOf ? { env, kind: 'text', default: value, about, oneOf } : { env, kind: 'text', default: value, about };
/** Text that no message and no log ever shows; `min` characters at least, where there is one. */
export const secret = (env: string, about: string, min = 0): SettingSpec<string> => ({
  env,
  kind: 'secret',
  default: '',
  min,
  about,
});
export const flag = (env: string, value: boolean, about: string): SettingSpec<boolean> => ({
  env,
  kind: 'flag',
  default: value,
  about,
});
const number =
  (kind: 'integer' | 'duration' | 'bytes') =>
  (env: string, value: number, min: number, max: number, about: string): SettingSpec<number> => ({
    env,
    kind,
    default: value,
    min,
    max,
    about,
  });
export const integer = number('integer');
export const duration = number('duration');
export const bytes = number('bytes');
