/** One rule about the sources. What `problems` names is to be repaired; `note` is shown when there are none. */
export interface Check {
  name: string;
  run(): Promise<{ problems: string[]; note?: string }>;
}
