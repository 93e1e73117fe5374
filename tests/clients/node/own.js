// Emulators that a test starts for itself, with options of its own.
import { spawn } from "node:child_process";
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createInterface } from "node:readline";
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";

/** What an emulator with these options says of itself, and how it ends. */
export async function emulator(...options) {
  const accounts = ["northquay:bm9ydGhxdWF5IGtleQ==", "southquay:c291dGhxdWF5IGtleQ=="].flatMap((one) => ["--account", one]);
  const own = options.includes("--port") ? [] : ["--port", "0", ...accounts];
  const child = spawn(process.env.BLOBFERRY, ["emulator", "--output", "json", ...own, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  for await (const line of createInterface(child.stdout)) {
    return { shown: JSON.parse(line), stop: () => (child.kill("SIGKILL"), ended) };
  }
  throw new Error("the emulator said nothing");
}

/** An account of such an emulator. */
export function account(shown) {
  const key = /AccountKey=([^;]+)/.exec(shown.connection_string)[1];
  const options = { retryOptions: { maxTries: 1 } };
  const client = (credential) => new BlobServiceClient(shown.url, credential, options);
  return { name: shown.name, url: shown.url, service: client(new StorageSharedKeyCredential(shown.name, key)), guest: client };
}

const encoded = (value) => Buffer.from(value).toString("base64url");

/** Somebody who signs tokens, and whose key an emulator may know. */
export class Issuer {
  #key;

  /** A new one, or the one with this key. */
  constructor(key) {
    this.#key = key ? createPrivateKey({ key, format: "jwk" }) : generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  }

  get key() {
    return this.#key.export({ format: "jwk" });
  }

  keySet() {
    const key = createPublicKey(this.#key).export({ format: "jwk" });
    return JSON.stringify({ keys: [{ ...key, kid: "one", use: "sig" }] });
  }

  token({ lifetime = 3600, audience = "https://storage.azure.com" } = {}) {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: "https://sts.windows.net/harbour/", tid: "harbour", oid: "pilot", aud: audience, nbf: now - 60, exp: now + lifetime,
    };
    const text = [{ alg: "ES256", typ: "JWT", kid: "one" }, claims].map((part) => encoded(JSON.stringify(part))).join(".");
    const signature = sign("sha256", Buffer.from(text), { key: this.#key, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
  }
}

/** A credential that always has the same token. */
export const bearer = (token) => ({ getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) });

/** A container with a name of its own; it ends with its emulator. */
export async function container(of) {
  const made = of.service.getContainerClient(`c${randomUUID().replaceAll("-", "")}`);
  await made.create();
  return made;
}
