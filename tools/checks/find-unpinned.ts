/** The texts that say which versions of third-party software are used. */
export interface Pins {
  /** package.json. */
  manifest: Partial<
    Record<'dependencies' | 'optionalDependencies' | 'devDependencies', Record<string, string>>
  >;
  /** By path. */
  dockerfiles: Record<string, string>;
  compose: string;
  npmrc: string;
  /** Of what tests install for Python, by path: one a line. */
  requirements: Record<string, string>;
}

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
/** At least `name:1.2`, a tag that the publisher updates with fixes; a digest may follow. */
const IMAGE = /^[\w./-]+(:v?\d+\.\d+[\w.-]*)(@sha256:[0-9a-f]{64})?$/;
/** Lines of .npmrc that would redirect every contributor's packages, or hold a secret. */
const FOREIGN = /^\s*(\/\/|(@[^:\s]+:)?registry\b|.*_auth|.*password|.*proxy|cafile|ca\b|strict-ssl)/i;

/** Every place where a version is left open. */
export function findUnpinned({ manifest, dockerfiles, compose, npmrc, requirements }: Pins): string[] {
  const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };
  return [
    ...Object.entries(all)
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `package.json: ${name} ${version} is no exact version`),
    ...Object.entries(dockerfiles).flatMap(([path, text]) =>
      basesOf(text).map((image) => `${path}: ${image} is not pinned by a version`),
    ),
    ...[...compose.matchAll(/^\s+image:\s*(\S+)/gm)]
      .map((match) => match[1]!)
      .filter((image) => image !== 'millrace:local' && !IMAGE.test(image))
      .map((image) => `docker-compose.yml: ${image} is not pinned by a version`),
    ...linesOf(npmrc)
      .filter((line) => FOREIGN.test(line))
      .map((line) => `.npmrc: ${line.split('=')[0]!.trim()} is a matter of each machine`),
    ...Object.entries(requirements).flatMap(([path, text]) =>
      linesOf(text)
        .filter((line) => !/^[\w.-]+(\[\w+\])?==\d[\w.]*$/.test(line))
        .map((line) => `${path}: ${line} is no exact version`),
    ),
  ];
}

/** The base images of stages, except earlier stages, `scratch` and pinned ones. */
function basesOf(dockerfile: string): string[] {
  const stages = [...dockerfile.matchAll(/^FROM\s+(\S+)(?:\s+AS\s+(\S+))?/gim)];
  const names = new Set(['scratch', ...stages.map((stage) => stage[2])]);
  return stages.map((stage) => stage[1]!).filter((image) => !names.has(image) && !IMAGE.test(image));
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
