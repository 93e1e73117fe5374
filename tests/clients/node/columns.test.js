// Listings that come as Apache Arrow tell what listings in XML tell.
import assert from "node:assert/strict";
import { test } from "node:test";
import { all, freshContainer } from "./emulator.js";

const columns = { responseFormat: "Arrow" };

/** A container with blobs of two types, a snapshot and a copy. */
async function harbour(test) {
  const there = await freshContainer(test);
  for (const [name, more] of [
    ["pier/1", { metadata: { colour: "blue", Size: "large" } }],
    ["pier/2", { tags: { berth: "7" } }],
    ["rope", { tier: "Cool", blobHTTPHeaders: { blobContentType: "text/plain", blobCacheControl: "no-store" } }],
    ["tide\uffff", {}],
  ]) {
    await there.getBlockBlobClient(name).upload("text", 4, more);
  }
  await there.getPageBlobClient("pages").create(512, { blobSequenceNumber: 7 });
  await there.getBlobClient("rope").createSnapshot();
  const copy = await there.getBlobClient("twin").beginCopyFromURL(there.getBlobClient("rope").url, { intervalInMs: 50 });
  await copy.pollUntilDone();
  return there;
}

/** An item without what one form of answer tells as nothing and the other does not tell at all. */
const told = (item) =>
  JSON.parse(JSON.stringify(item, (key, value) => (value === null || value === "" || value === false || value?.data?.length === 0 ? undefined : value)));

test("columns tell of each blob what elements tell", async (t) => {
  const there = await harbour(t);
  const include = { includeMetadata: true, includeTags: true, includeCopy: true, includeSnapshots: true };
  const elements = (await all(there.listBlobsFlat(include))).map(told);
  assert.deepEqual((await all(there.listBlobsFlat({ ...include, ...columns }))).map(told), elements);
  assert.equal(elements.length, 7);
  assert.deepEqual(elements[1].metadata, { colour: "blue", Size: "large" });
});

test("columns come page by page, by directories and between two names", async (t) => {
  const there = await harbour(t);
  const names = async (listing) => (await all(listing)).map((item) => item.name);
  const pages = await all(there.listBlobsFlat(columns).byPage({ maxPageSize: 4 }));
  assert.deepEqual(
    pages.map((page) => page.segment.blobItems.map((item) => item.name)),
    [["pages", "pier/1", "pier/2", "rope"], ["tide\uffff", "twin"]],
  );
  assert.deepEqual(await names(there.listBlobsByHierarchy("/", columns)), ["pier/", "pages", "rope", "tide\uffff", "twin"]);
  assert.deepEqual(await names(there.listBlobsFlat({ ...columns, startFrom: "pier/2", endBefore: "tide" })), ["pier/2", "rope"]);
});
