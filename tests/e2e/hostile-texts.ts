/** Names that an attacker may send to make a page run or show something, by what they try. */
export const HOSTILE: Readonly<Record<string, string>> = {
  image: '<img src=x onerror=window.__hit=1>',
  script: '<script>window.__hit=1</script>',
  svg: '"><svg onload=window.__hit=1>',
  attribute: `' onmouseover='window.__hit=1' style='position:fixed`,
  address: 'javascript:window.__hit=1',
  moustache: '{{7*7}}{window.__hit=1}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template that must not be filled in
  template: '${7*7}`${window.__hit=1}`',
  entity: '&lt;b&gt;&amp;&#x3c;',
  // The lines that follow would read from right to left.
  bidi: 'paid\u202Eecnalab\u2066',
  control: 'a\u0000\u0001\u0007\u001B[31m\u007F\u009Bz',
  marks: `\u0301${'Z\u0300\u0301\u0302\u0303'.repeat(20)}`,
  proto: '__proto__',
  constructor: 'constructor',
  toString: 'toString',
  shell: `'; echo "$(window.__hit=1)" #`,
};

export const TEXTS: readonly string[] = Object.values(HOSTILE);

/** For values, which have no limit but that of their event. */
export const LONG = 'long<b>'.repeat(720);
