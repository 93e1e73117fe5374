import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { freshContainer, refusal } from "./emulator.js";

const things = {
  container: async (t) => freshContainer(t),
  blob: async (t) => {
    const blob = (await freshContainer(t)).getBlockBlobClient("b");
    await blob.upload("x", 1);
    return blob;
  },
};

for (const [kind, make] of Object.entries(things)) {
  test(`a ${kind} lease is acquired, renewed, changed, released`, async (t) => {
    const thing = await make(t);
    const lease = thing.getBlobLeaseClient();
    await lease.acquireLease(15);
    assert.equal((await thing.getProperties()).leaseState, "leased");
    await assert.rejects(thing.getBlobLeaseClient().acquireLease(15), refusal(409, "LeaseAlreadyPresent"));
    await assert.rejects(thing.delete(), refusal(412, "LeaseIdMissing"));
    await lease.renewLease();
    const next = randomUUID();
    await lease.changeLease(next);
    assert.equal(lease.leaseId, next);
    await lease.releaseLease();
    assert.equal((await thing.getProperties()).leaseState, "available");
  });

  test(`a ${kind} lease is broken`, async (t) => {
    const thing = await make(t);
    const lease = thing.getBlobLeaseClient();
    await lease.acquireLease(-1);
    assert.equal((await thing.getProperties()).leaseDuration, "infinite");
    const { leaseTime } = await lease.breakLease(10);
    assert.ok(leaseTime >= 9 && leaseTime <= 10);
    assert.equal((await thing.getProperties()).leaseState, "breaking");
    assert.equal((await lease.breakLease(0)).leaseTime, 0);
    assert.equal((await thing.getProperties()).leaseState, "broken");
    await assert.rejects(lease.renewLease(), refusal(409, "LeaseIsBrokenAndCannotBeRenewed"));
    await lease.releaseLease();
  });
}

test("a write takes the lease with it", async (t) => {
  const blob = (await freshContainer(t)).getBlockBlobClient("b");
  await blob.upload("x", 1);
  const { leaseId } = await blob.getBlobLeaseClient().acquireLease(-1);
  await assert.rejects(blob.setMetadata({ a: "b" }), refusal(412, "LeaseIdMissing"));
  await assert.rejects(
    blob.setMetadata({ a: "b" }, { conditions: { leaseId: randomUUID() } }),
    refusal(412, "LeaseIdMismatchWithBlobOperation"),
  );
  await blob.setMetadata({ a: "b" }, { conditions: { leaseId } });
  await blob.delete({ conditions: { leaseId } });
});
