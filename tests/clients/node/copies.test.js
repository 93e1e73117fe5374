import assert from "node:assert/strict";
import { test } from "node:test";
import { BlobSASPermissions } from "@azure/storage-blob";
import { all, freshContainer, inAnHour, refusal, south, textOf } from "./emulator.js";

const quickly = { intervalInMs: 50 };

/** A blob of another account, and its URL with a SAS. */
async function farSource(t, content) {
  const blob = (await freshContainer(t, south)).getBlockBlobClient("source");
  await blob.upload(content, content.length);
  return { blob, url: await blob.generateSasUrl({ permissions: BlobSASPermissions.parse("r"), expiresOn: inAnHour() }) };
}

test("a copy inside an account is done with its request", async (t) => {
  const container = await freshContainer(t);
  const source = container.getBlockBlobClient("source");
  await source.upload("hello", 5, { metadata: { k: "v" } });
  const target = container.getBlobClient("a copy");
  const poller = await target.beginCopyFromURL(source.url, quickly);
  assert.equal((await poller.pollUntilDone()).copyStatus, "success");
  assert.equal(await textOf(target), "hello");
  assert.deepEqual((await target.getProperties()).metadata, { k: "v" });
});

test("a copy from another account is polled until it is done", async (t) => {
  const size = 24 << 20;
  const { url } = await farSource(t, Buffer.alloc(size, "x"));
  const target = (await freshContainer(t)).getBlobClient("target");
  const progress = [];
  const poller = await target.beginCopyFromURL(url, {
    ...quickly,
    metadata: { my: "own" },
    onProgress: (state) => progress.push(state.copyProgress),
  });
  assert.equal((await target.getProperties()).copyStatus, "pending");
  const settled = await poller.pollUntilDone();
  assert.equal(settled.copyStatus, "success");
  assert.ok(progress.length > 1, "progress was seen on the way");
  const properties = await target.getProperties();
  assert.equal(properties.copyProgress, `${size}/${size}`);
  assert.deepEqual(properties.metadata, { my: "own" });
});

test("a poller is given up and taken up again", async (t) => {
  const { url } = await farSource(t, "x".repeat(1000));
  const target = (await freshContainer(t)).getBlobClient("target");
  const first = await target.beginCopyFromURL(url, quickly);
  await first.poll();
  const second = await target.beginCopyFromURL(url, { ...quickly, resumeFrom: first.toString() });
  assert.equal((await second.pollUntilDone()).copyStatus, "success");
});

test("a pending copy is aborted by its poller", async (t) => {
  const { url } = await farSource(t, "x".repeat(1000));
  const target = (await freshContainer(t)).getBlobClient("target");
  const poller = await target.beginCopyFromURL(url, quickly);
  await poller.cancelOperation();
  await assert.rejects(poller.pollUntilDone(), { name: "PollerCancelledError" });
  const properties = await target.getProperties();
  assert.deepEqual([properties.copyStatus, properties.contentLength], ["aborted", 0]);
  await assert.rejects(target.abortCopyFromURL(properties.copyId), refusal(409, "NoPendingCopyOperation"));
});

test("a pending destination takes no other write", async (t) => {
  const { url } = await farSource(t, "x".repeat(1000));
  const target = (await freshContainer(t)).getBlockBlobClient("target");
  const poller = await target.beginCopyFromURL(url, quickly);
  await assert.rejects(target.upload("y", 1), refusal(409, "PendingCopyOperation"));
  await assert.rejects(target.beginCopyFromURL(url, quickly), refusal(409, "PendingCopyOperation"));
  await poller.pollUntilDone();
  await target.upload("y", 1);
});

test("a source changed under way fails the copy, and the poller says so", async (t) => {
  const { blob, url } = await farSource(t, "x".repeat(1000));
  const target = (await freshContainer(t)).getBlobClient("target");
  const poller = await target.beginCopyFromURL(url, quickly);
  await blob.upload("changed", 7);
  await assert.rejects(poller.pollUntilDone(), /copy failed/i);
});

test("a synchronous copy and every write from a URL end with their answer", async (t) => {
  const { url } = await farSource(t, "0123456789".repeat(103).slice(0, 1024));
  const container = await freshContainer(t);
  assert.equal((await container.getBlobClient("sync").syncCopyFromURL(url)).copyStatus, "success");
  const whole = container.getBlockBlobClient("whole");
  await whole.syncUploadFromURL(url);
  assert.equal((await textOf(whole)).length, 1024);
  const part = container.getBlockBlobClient("part");
  await part.stageBlockFromURL("AAAA", url, 2, 5);
  await part.commitBlockList(["AAAA"]);
  assert.equal(await textOf(part), "23456");
  const log = container.getAppendBlobClient("log");
  await log.create();
  await log.appendBlockFromURL(url, 0, 4);
  assert.equal(await textOf(log), "0123");
  const disk = container.getPageBlobClient("disk");
  await disk.create(1024);
  await disk.uploadPagesFromURL(url, 0, 512, 512);
  assert.equal((await textOf(disk)).slice(512, 516), "0123");
});

test("an incremental copy is polled, too", async (t) => {
  const container = await freshContainer(t);
  const disk = container.getPageBlobClient("disk");
  await disk.create(512);
  await disk.uploadPages("1".repeat(512), 0, 512);
  const { snapshot } = await disk.createSnapshot();
  const url = await disk.withSnapshot(snapshot).generateSasUrl({ permissions: BlobSASPermissions.parse("r"), expiresOn: inAnHour() });
  const backup = container.getPageBlobClient("backup");
  await backup.startCopyIncremental(url);
  for (let left = 200; left && (await backup.getProperties()).copyStatus === "pending"; left -= 1) {
    await new Promise((done) => setTimeout(done, 50));
  }
  const kept = await all(container.listBlobsFlat({ prefix: "backup", includeSnapshots: true, includeCopy: true }));
  assert.ok(kept.some((item) => item.snapshot && item.properties.copyStatus === "success"));
});
