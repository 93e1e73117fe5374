import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { test } from "node:test";
import { all, freshContainer, refusal, textOf } from "./emulator.js";

const KIB = 1024;
const id = (number) => Buffer.from(String(number).padStart(8, "0")).toString("base64");

test("an upload comes back with its metadata, headers and tags", async (t) => {
  const blob = (await freshContainer(t)).getBlockBlobClient("a folder/ümlaut & 100 %.txt");
  await blob.upload("hello", 5, {
    metadata: { author: "me" },
    blobHTTPHeaders: { blobContentType: "text/plain", blobCacheControl: "no-cache" },
    tags: { stage: "raw" },
  });
  const answer = await blob.download();
  const chunks = await all(answer.readableStreamBody);
  assert.equal(Buffer.concat(chunks).toString(), "hello");
  assert.deepEqual(answer.metadata, { author: "me" });
  assert.equal(answer.contentType, "text/plain");
  assert.equal(answer.tagCount, 1);
});

test("large content goes up in blocks and down in ranges", async (t) => {
  const blob = (await freshContainer(t)).getBlockBlobClient("large");
  const content = randomBytes(300 * KIB + 17);
  await blob.uploadData(content, { blockSize: 64 * KIB, maxSingleShotSize: 64 * KIB, concurrency: 4 });
  assert.equal((await blob.getBlockList("committed")).committedBlocks.length, 5);
  const back = await blob.downloadToBuffer(0, undefined, { blockSize: 50 * KIB, concurrency: 4 });
  assert.deepEqual(back, content);
  assert.deepEqual(await blob.downloadToBuffer(1000, 2000), content.subarray(1000, 3000));
});

test("a stream is uploaded as it comes", async (t) => {
  const blob = (await freshContainer(t)).getBlockBlobClient("stream");
  const parts = Array.from({ length: 40 }, () => randomBytes(5_000));
  await blob.uploadStream(Readable.from(parts), 64 * KIB, 3);
  assert.deepEqual(await blob.downloadToBuffer(), Buffer.concat(parts));
});

test("staged blocks become a blob by their list", async (t) => {
  const blob = (await freshContainer(t)).getBlockBlobClient("staged");
  for (const number of [0, 1, 2]) await blob.stageBlock(id(number), `part ${number},`, 7);
  const { uncommittedBlocks } = await blob.getBlockList("all");
  assert.deepEqual(uncommittedBlocks.map((block) => block.name), [id(0), id(1), id(2)]);
  await blob.commitBlockList([id(2), id(0)], { tier: "Cool" });
  assert.equal(await textOf(blob), "part 2,part 0,");
  assert.equal((await blob.getProperties()).accessTier, "Cool");
  await assert.rejects(blob.commitBlockList([id(1)]), refusal(400, "InvalidBlockList"));
});

test("pages are written, cleared, told and compared", async (t) => {
  const blob = (await freshContainer(t)).getPageBlobClient("disk");
  await blob.create(4096, { blobSequenceNumber: 3 });
  await blob.uploadPages("a".repeat(1024), 0, 1024);
  const before = await blob.createSnapshot();
  await blob.clearPages(0, 512);
  await blob.uploadPages("b".repeat(512), 2048, 512);
  // What the client calls a count is one less.
  const ranges = (found) => found.map(({ offset, count }) => [offset, count + 1]);
  assert.deepEqual(ranges((await blob.getPageRanges()).pageRange), [[512, 512], [2048, 512]]);
  const changed = await blob.getPageRangesDiff(0, 4096, before.snapshot);
  assert.deepEqual(ranges(changed.pageRange), [[2048, 512]]);
  assert.deepEqual(ranges(changed.clearRange), [[0, 512]]);
  await blob.resize(8192);
  assert.equal((await blob.updateSequenceNumber("max", 9)).blobSequenceNumber, 9);
  await assert.rejects(
    blob.uploadPages("c".repeat(512), 0, 512, { conditions: { ifSequenceNumberEqualTo: 1 } }),
    refusal(412, "SequenceNumberConditionNotMet"),
  );
});

test("appended blocks follow each other until the blob is sealed", async (t) => {
  const blob = (await freshContainer(t)).getAppendBlobClient("log");
  await blob.createIfNotExists();
  assert.equal((await blob.createIfNotExists()).succeeded, false);
  await blob.appendBlock("one,", 4);
  const second = await blob.appendBlock("two", 3, { conditions: { appendPosition: 4 } });
  assert.equal(second.blobAppendOffset, "4");
  await assert.rejects(
    blob.appendBlock("x", 1, { conditions: { maxSize: 7 } }),
    refusal(412, "MaxBlobSizeConditionNotMet"),
  );
  await blob.seal();
  await assert.rejects(blob.appendBlock("x", 1), refusal(409, "BlobIsSealed"));
  assert.equal(await textOf(blob), "one,two");
});

test("a listing is in order, in pages and in folders", async (t) => {
  const container = await freshContainer(t);
  const names = ["a/1", "a/b/2", "é & <x>/3", "top"];
  for (const name of names) await container.uploadBlockBlob(name, "x", 1);
  assert.deepEqual((await all(container.listBlobsFlat())).map((item) => item.name), [...names].sort());
  const pages = await all(container.listBlobsFlat().byPage({ maxPageSize: 3 }));
  assert.deepEqual(pages.map((page) => page.segment.blobItems.length), [3, 1]);
  const rest = await all(container.listBlobsFlat().byPage({ maxPageSize: 3, continuationToken: pages[0].continuationToken }));
  assert.deepEqual(rest.map((page) => page.segment.blobItems.length), [1]);
  const walked = await all(container.listBlobsByHierarchy("/"));
  assert.deepEqual(
    walked.map((item) => [item.kind, item.name]).sort(),
    [["blob", "top"], ["prefix", "a/"], ["prefix", "é & <x>/"]].sort(),
  );
  assert.deepEqual((await all(container.listBlobsByHierarchy("/", { prefix: "a/" }))).map((item) => item.name), ["a/b/", "a/1"]);
});

test("a snapshot keeps what was", async (t) => {
  const container = await freshContainer(t);
  const blob = container.getBlockBlobClient("b");
  await blob.upload("one", 3);
  const { snapshot } = await blob.createSnapshot();
  await blob.upload("two", 3);
  assert.equal(await textOf(blob.withSnapshot(snapshot)), "one");
  assert.equal((await all(container.listBlobsFlat({ includeSnapshots: true }))).length, 2);
  await assert.rejects(blob.delete(), refusal(409, "SnapshotsPresent"));
  await blob.delete({ deleteSnapshots: "include" });
  assert.equal(await blob.exists(), false);
});

test("blobs are found by their tags", async (t) => {
  const container = await freshContainer(t);
  for (const number of [1, 2, 3]) {
    const blob = container.getBlockBlobClient(`b${number}`);
    await blob.upload("x", 1);
    await blob.setTags({ number: String(number) });
  }
  assert.deepEqual((await container.getBlobClient("b2").getTags()).tags, { number: "2" });
  const found = await all(container.findBlobsByTags("number >= '2'"));
  assert.deepEqual(found.map((item) => item.name).sort(), ["b2", "b3"]);
  await assert.rejects(
    container.getBlobClient("b1").delete({ conditions: { tagConditions: "number = '2'" } }),
    refusal(412, "ConditionNotMet"),
  );
});

test("tiers change, and an archived blob is not read", async (t) => {
  const blob = (await freshContainer(t)).getBlockBlobClient("b");
  await blob.upload("x", 1, { tier: "Cold" });
  assert.equal((await blob.getProperties()).accessTier, "Cold");
  await blob.setAccessTier("Archive");
  await assert.rejects(blob.download(), refusal(409, "BlobArchived"));
});

test("conditions hold reads and writes back", async (t) => {
  const blob = (await freshContainer(t)).getBlockBlobClient("b");
  const { etag } = await blob.upload("x", 1, { conditions: { ifNoneMatch: "*" } });
  await assert.rejects(blob.upload("y", 1, { conditions: { ifNoneMatch: "*" } }), refusal(409, "BlobAlreadyExists"));
  await assert.rejects(blob.upload("y", 1, { conditions: { ifMatch: '"0x8D0"' } }), refusal(412, "ConditionNotMet"));
  await blob.upload("y", 1, { conditions: { ifMatch: etag } });
});
