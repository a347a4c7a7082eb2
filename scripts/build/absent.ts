import type { Plugin } from "esbuild";

const REFUSE = `throw new Error("not part of the bundle")`;

/**
 * Parts of ssh2 that the bundle leaves out, with what stands in their place: native code, which it
 * does without where there is none and which no guest may load, and a cipher that the runtime does not
 * have.
 */
const ABSENT: Readonly<Record<string, string>> = {
  "cpu-features": REFUSE,
  "./crypto/build/Release/sshcrypto.node": REFUSE,
  "./crypto/poly1305.js": `
    const absent = () => { ${REFUSE} };
    module.exports = () => Promise.resolve({ _malloc: () => 0, cwrap: () => absent });
  `,
};

const NAMESPACE = "absent";
const FROM_SSH2 = /\/ssh2\/lib\//;

/** Puts something small in the place of what the bundle leaves out. */
export const leaveOut: Plugin = {
  name: "leave-out",
  setup(build) {
    build.onResolve(
      { filter: /^cpu-features$|sshcrypto\.node$|poly1305\.js$/ },
      ({ path, importer }) => FROM_SSH2.test(importer) ? { path, namespace: NAMESPACE } : undefined,
    );
    build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
      contents: ABSENT[path] ?? REFUSE,
    }));
    // It looks for a program of Windows beside itself; a module of the bundle has no folder.
    build.onLoad({ filter: /\/ssh2\/lib\/agent\.js$/ }, async ({ path }) => ({
      contents: `const __dirname = "/";\n${await Deno.readTextFile(path)}`,
    }));
  },
};
