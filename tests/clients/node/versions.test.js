// An account that keeps versions.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { all, refusal, textOf } from "./emulator.js";
import { account, container, emulator } from "./own.js";

let running, north;
before(async () => {
  running = await emulator("--versions");
  north = account(running.shown.accounts[0]);
});
after(() => running.stop());

/** A blob written twice, and the ids of its versions. */
async function twice() {
  const there = await container(north);
  const blob = there.getBlockBlobClient("b");
  const first = (await blob.upload("first", 5)).versionId;
  const second = (await blob.upload("second", 6)).versionId;
  return { there, blob, first, second };
}

test("each write is a version", async () => {
  const { there, blob, first, second } = await twice();
  assert.equal(await textOf(blob), "second");
  assert.equal(await textOf(blob.withVersion(first)), "first");
  const listed = await all(there.listBlobsFlat({ includeVersions: true }));
  assert.deepEqual(listed.map((item) => [item.versionId, item.isCurrentVersion ?? false]), [[first, false], [second, true]]);
});

test("a deleted blob leaves its versions and one is brought back", async () => {
  const { blob, first, second } = await twice();
  await blob.delete();
  await assert.rejects(blob.download(), refusal(404, "BlobNotFound"));
  assert.equal(await textOf(blob.withVersion(second)), "second");
  const poller = await blob.beginCopyFromURL(blob.withVersion(first).url, { intervalInMs: 50 });
  assert.equal((await poller.pollUntilDone()).copyStatus, "success");
  assert.equal(await textOf(blob), "first");
});

test("a version is deleted by its id, and has a tier of its own", async () => {
  const { blob, first } = await twice();
  await blob.withVersion(first).setAccessTier("Cool");
  assert.equal((await blob.withVersion(first).getProperties()).accessTier, "Cool");
  assert.equal((await blob.getProperties()).accessTier, "Hot");
  await blob.withVersion(first).delete();
  await assert.rejects(blob.withVersion(first).getProperties(), { statusCode: 404 });
});
