// Runs the tests beside an emulator that speaks HTTPS: Node.js reads whom to trust once, when it starts.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Issuer, emulator } from "./own.js";

const here = mkdtempSync(join(tmpdir(), "blobferry-node-"));
const [keys, trust] = ["keys.json", "trust.pem"].map((name) => join(here, name));
const issuer = new Issuer();
writeFileSync(keys, issuer.keySet());
const { shown, stop } = await emulator("--https", "--https-trust", trust, "--jwks", keys);
const env = {
  ...process.env,
  NODE_EXTRA_CA_CERTS: trust,
  BLOBFERRY_HTTPS: JSON.stringify(shown),
  BLOBFERRY_ISSUER: JSON.stringify(issuer.key),
};
const tests = spawn(process.execPath, ["--test", "--test-reporter=tap", ...process.argv.slice(2)], { env, stdio: "inherit" });
process.exitCode = await new Promise((resolve) => tests.on("close", (code) => resolve(code ?? 1)));
await stop();
rmSync(here, { recursive: true });
