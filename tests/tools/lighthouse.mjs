// Runs Lighthouse, with its settings for a phone, on each address and prints a line of JSON for
// each: scores from 0 to 100 by category, audits that were not passed, and the figures that do not
// depend on the speed of the machine.
//
// node lighthouse.mjs CHROMIUM ADDRESS...

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [chromePath, ...addresses] = process.argv.slice(2);
const chromeFlags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
const STRICT = ["accessibility", "best-practices", "seo"];

function summary(address, { audits, categories }) {
  const scores = Object.values(categories).map(({ id, score }) => [id, Math.round(score * 100)]);
  const refs = STRICT.flatMap((id) => categories[id].auditRefs);
  const failed = refs.map(({ id }) => id).filter((id) => (audits[id].score ?? 1) < 1);
  return {
    address,
    scores: Object.fromEntries(scores),
    failed,
    blocking: audits["render-blocking-resources"].numericValue ?? 0, // milliseconds to be saved
    shift: audits["cumulative-layout-shift"].numericValue,
    unsized: audits["unsized-images"].details?.items?.length ?? 0,
    bytes: audits["total-byte-weight"].numericValue,
  };
}

const chrome = await launch({ chromePath, chromeFlags, logLevel: "silent" });
try {
  for (const address of addresses) {
    const { lhr } = await lighthouse(address, { port: chrome.port, logLevel: "silent" });
    if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
    console.log(JSON.stringify(summary(address, lhr)));
  }
} finally {
  await chrome.kill();
}
