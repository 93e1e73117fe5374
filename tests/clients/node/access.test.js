import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobBatchClient,
  BlobSASPermissions,
  BlobServiceClient,
  ContainerSASPermissions,
  generateAccountSASQueryParameters,
  generateBlobSASQueryParameters,
} from "@azure/storage-blob";
import { all, freshContainer, inAnHour, north, refusal, south, textOf } from "./emulator.js";

async function secret(t) {
  const container = await freshContainer(t);
  const blob = container.getBlockBlobClient("secret");
  await blob.upload("hello", 5);
  return { container, blob };
}

/** The blob as the bearer of a service SAS meets it. */
function guestOf(blob, terms) {
  const sas = generateBlobSASQueryParameters(
    { containerName: blob.containerName, blobName: blob.name, expiresOn: inAnHour(), ...terms },
    north.credential,
  );
  return north.guest(sas.toString()).getContainerClient(blob.containerName).getBlockBlobClient(blob.name);
}

test("a connection string is all a client needs", async (t) => {
  const { container } = await secret(t);
  const service = BlobServiceClient.fromConnectionString(north.connectionString);
  assert.equal(await service.getContainerClient(container.containerName).exists(), true);
});

test("nobody reads a private blob", async (t) => {
  const { blob } = await secret(t);
  const nobody = north.guest().getContainerClient(blob.containerName).getBlobClient(blob.name);
  await assert.rejects(nobody.download(), refusal(401, "NoAuthenticationInformation"));
});

test("a blob SAS allows what it says", async (t) => {
  const { blob } = await secret(t);
  const guest = guestOf(blob, { permissions: BlobSASPermissions.parse("r") });
  assert.equal(await textOf(guest), "hello");
  await assert.rejects(guest.delete(), refusal(403, "AuthorizationPermissionMismatch"));
});

const refused = [
  ["expired", { expiresOn: new Date(Date.now() - 1000) }, "AuthenticationFailed"],
  ["not yet begun", { startsOn: inAnHour(), expiresOn: new Date(Date.now() + 7_200_000) }, "AuthenticationFailed"],
  ["for another address", { ipRange: { start: "203.0.113.9" } }, "AuthorizationSourceIPMismatch"],
  ["for HTTPS", { protocol: "https" }, "AuthorizationProtocolMismatch"],
];
for (const [words, terms, code] of refused) {
  test(`a SAS that is ${words} is refused`, async (t) => {
    const { blob } = await secret(t);
    const guest = guestOf(blob, { permissions: BlobSASPermissions.parse("r"), ...terms });
    await assert.rejects(guest.download(), refusal(403, code));
  });
}

test("a container SAS lists and writes", async (t) => {
  const { container } = await secret(t);
  const url = await container.generateSasUrl({ permissions: ContainerSASPermissions.parse("rlc"), expiresOn: inAnHour() });
  const guest = north.guest(new URL(url).search.slice(1)).getContainerClient(container.containerName);
  assert.deepEqual((await all(guest.listBlobsFlat())).map((item) => item.name), ["secret"]);
  await guest.uploadBlockBlob("new", "x", 1);
  await assert.rejects(guest.deleteBlob("new"), refusal(403, "AuthorizationPermissionMismatch"));
});

test("a stored policy gives and takes", async (t) => {
  const { container, blob } = await secret(t);
  const accessPolicy = { permissions: "r", expiresOn: inAnHour() };
  await container.setAccessPolicy(undefined, [{ id: "reading", accessPolicy }]);
  assert.equal((await container.getAccessPolicy()).signedIdentifiers[0].accessPolicy.permissions, "r");
  const guest = guestOf(blob, { identifier: "reading", expiresOn: undefined });
  assert.equal(await textOf(guest), "hello");
  await container.setAccessPolicy(undefined, []);
  await assert.rejects(guest.download(), refusal(403, "AuthenticationFailed"));
});

test("a public container is read by everyone", async (t) => {
  const { container } = await secret(t);
  await container.setAccessPolicy("container");
  const nobody = north.guest().getContainerClient(container.containerName);
  assert.equal((await all(nobody.listBlobsFlat())).length, 1);
  assert.equal(await textOf(nobody.getBlobClient("secret")), "hello");
});

test("an account SAS is for services and kinds of things", async (t) => {
  const { container, blob } = await secret(t);
  const guest = (kinds) =>
    north.guest(
      generateAccountSASQueryParameters(
        {
          expiresOn: inAnHour(),
          permissions: AccountSASPermissions.parse("rl"),
          resourceTypes: AccountSASResourceTypes.parse(kinds).toString(),
          services: AccountSASServices.parse("b").toString(),
        },
        north.credential,
      ).toString(),
    );
  const seen = await all(guest("sco").listContainers({ prefix: container.containerName }));
  assert.equal(seen.length, 1);
  const objects = guest("o").getContainerClient(container.containerName);
  assert.equal(await textOf(objects.getBlobClient(blob.name)), "hello");
  await assert.rejects(all(objects.listBlobsFlat()), refusal(403, "AuthorizationResourceTypeMismatch"));
});

test("a batch deletes and changes tiers, and answers for each", async (t) => {
  const { container } = await secret(t);
  const blobs = ["b1", "b2", "b3"].map((name) => container.getBlockBlobClient(name));
  for (const blob of blobs) await blob.upload("x", 1);
  const batches = new BlobBatchClient(north.url, north.credential);
  const tiers = await batches.setBlobsAccessTier(blobs, "Cool");
  assert.deepEqual([tiers.subResponsesSucceededCount, tiers.subResponsesFailedCount], [3, 0]);
  await blobs[0].delete();
  const deleted = await batches.deleteBlobs(blobs);
  assert.deepEqual(deleted.subResponses.map((answer) => answer.status), [404, 202, 202]);
  assert.equal(deleted.subResponses[0].errorCode, "BlobNotFound");
});

test("service properties come back as they went", async () => {
  const before = await south.service.getProperties();
  const rule = { allowedOrigins: "https://example.org", allowedMethods: "GET", allowedHeaders: "", exposedHeaders: "", maxAgeInSeconds: 60 };
  await south.service.setProperties({ ...before, cors: [rule], defaultServiceVersion: "2020-10-02" });
  const after = await south.service.getProperties();
  assert.equal(after.cors[0].allowedOrigins, "https://example.org");
  assert.equal(after.defaultServiceVersion, "2020-10-02");
  await south.service.setProperties({ ...before, cors: [] });
});

test("the account is told, and containers are listed in pages", async (t) => {
  assert.equal((await north.service.getAccountInfo()).accountKind, "StorageV2");
  const { container } = await secret(t);
  await container.setMetadata({ k: "v" });
  const [page] = await all(north.service.listContainers({ prefix: container.containerName, includeMetadata: true }).byPage({ maxPageSize: 1 }));
  assert.deepEqual(page.containerItems[0].metadata, { k: "v" });
});
