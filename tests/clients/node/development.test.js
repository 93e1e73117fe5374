// `UseDevelopmentStorage=true`: the account and the port that clients know without being told.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";

// The client would not ask a proxy for an address that is named here, and reads it but once.
delete process.env.NO_PROXY;
delete process.env.no_proxy;
const { BlobServiceClient } = await import("@azure/storage-blob");
const { emulator } = await import("./own.js");

async function works(connectionString) {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  assert.equal(service.accountName, "devstoreaccount1");
  const container = service.getContainerClient(`c${Date.now()}`);
  await container.create();
  const blob = container.getBlockBlobClient("b");
  await blob.upload("hello", 5);
  assert.equal((await blob.downloadToBuffer()).toString(), "hello");
}

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

test("a proxy that is the emulator answers for the usual port", async (t) => {
  const { shown, stop } = await emulator("--port", "0");
  t.after(stop);
  const proxy = new URL(shown.url).origin;
  await works(`UseDevelopmentStorage=true;DevelopmentStorageProxyUri=${proxy}`);
});

test("the usual port is that of the emulator", async (t) => {
  if (!(await isFree(10000))) return t.skip("port 10000 is taken");
  const { stop } = await emulator("--port", "10000");
  t.after(stop);
  await works("UseDevelopmentStorage=true");
});
