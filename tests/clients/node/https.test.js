// Over HTTPS clients send what they send nowhere else: tokens and keys.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { BlobSASPermissions, generateBlobSASQueryParameters } from "@azure/storage-blob";
import { inAnHour, refusal, textOf } from "./emulator.js";
import { Issuer, account, bearer, container, emulator } from "./own.js";

// Both are of run.js, which has this process trust the emulator's certificate.
const [north, south] = JSON.parse(process.env.BLOBFERRY_HTTPS).accounts.map(account);
const issuer = new Issuer(JSON.parse(process.env.BLOBFERRY_ISSUER));

test("another certificate is not trusted", async (t) => {
  const { shown, stop } = await emulator("--https", "--https-trust", join(tmpdir(), `blobferry-strange-${process.pid}.pem`));
  t.after(async () => (await stop(), rmSync(shown.certificate)));
  const [stranger] = shown.accounts.map(account);
  await assert.rejects(stranger.service.getAccountInfo(), /certificate/);
});

test("a key of the client is asked for again", async () => {
  const customerProvidedKey = {
    encryptionKey: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    encryptionKeySha256: "Zmh6rfhivXdsj8GLjp+OIAiXFIVu4jOzkCpZHQ1fKSU=",
    encryptionAlgorithm: "AES256",
  };
  const blob = (await container(north)).getBlockBlobClient("locked");
  await blob.upload("hello", 5, { customerProvidedKey });
  await assert.rejects(blob.download(), refusal(409, "BlobUsesCustomerSpecifiedEncryption"));
  const properties = await blob.getProperties({ customerProvidedKey });
  assert.equal(properties.encryptionKeySha256, customerProvidedKey.encryptionKeySha256);
  assert.equal((await blob.downloadToBuffer(0, 5, { customerProvidedKey })).toString(), "hello");
  const other = {
    ...customerProvidedKey,
    encryptionKey: "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
    encryptionKeySha256: "cs1uhCLEB/ttCYaQ8RMLfe1+wvf14dML2dUh8BU2N5M=",
  };
  await assert.rejects(blob.getProperties({ customerProvidedKey: other }), { statusCode: 409 });
});

test("an encryption scope is told and is the default of its container", async () => {
  const scoped = north.service.getContainerClient(`scoped${Date.now()}`);
  await scoped.create({ containerEncryptionScope: { defaultEncryptionScope: "quay", preventEncryptionScopeOverride: true } });
  const blob = scoped.getBlockBlobClient("b");
  await blob.upload("x", 1);
  assert.equal((await blob.getProperties()).encryptionScope, "quay");
  const other = scoped.getBlockBlobClient("other").upload("x", 1, { encryptionScope: "elsewhere" });
  await assert.rejects(other, refusal(403, "RequestForbiddenByContainerEncryptionPolicy"));
});

test("a token that the issuer signed opens the account", async () => {
  const { containerName } = await container(north);
  const blob = north.guest(bearer(issuer.token())).getContainerClient(containerName).getBlockBlobClient("b");
  await blob.upload("hello", 5);
  assert.equal(await textOf(blob), "hello");
});

const refused = [
  ["signed by another", () => new Issuer().token()],
  ["expired", () => issuer.token({ lifetime: -1 })],
  ["meant for another service", () => issuer.token({ audience: "https://vault.azure.net" })],
];
for (const [words, token] of refused) {
  test(`a token that is ${words} opens nothing`, async () => {
    await assert.rejects(north.guest(bearer(token())).getAccountInfo(), { statusCode: 401 });
  });
}

test("a token opens the source of a copy", async () => {
  const source = (await container(south)).getBlockBlobClient("source");
  await source.upload("hello", 5);
  const target = (await container(north)).getBlockBlobClient("target");
  const opened = (token) => ({ sourceAuthorization: { scheme: "Bearer", value: token } });
  await target.syncUploadFromURL(source.url, opened(issuer.token()));
  assert.equal(await textOf(target), "hello");
  const copied = await target.syncCopyFromURL(source.url, opened(issuer.token()));
  assert.equal(copied.copyStatus, "success");
  await assert.rejects(target.syncUploadFromURL(source.url, opened(new Issuer().token())), refusal(401, "CannotVerifyCopySource"));
  await assert.rejects(target.syncUploadFromURL(source.url), refusal(401, "CannotVerifyCopySource"));
});

test("a token makes a key that signs for others", async () => {
  const there = await container(north);
  await there.getBlockBlobClient("b").upload("hello", 5);
  const service = north.guest(bearer(issuer.token()));
  const key = await service.getUserDelegationKey(new Date(Date.now() - 60_000), inAnHour());
  assert.equal(key.signedObjectId, "pilot");
  const terms = { containerName: there.containerName, blobName: "b", permissions: BlobSASPermissions.parse("r"), expiresOn: inAnHour() };
  const sas = generateBlobSASQueryParameters(terms, key, north.name);
  const target = there.getBlockBlobClient("target");
  await target.syncUploadFromURL(`${there.getBlobClient("b").url}?${sas}`);
  assert.equal(await textOf(target), "hello");
});

test("a pending copy is polled until it is done", async () => {
  const source = (await container(south)).getBlockBlobClient("source");
  await source.upload("x".repeat(1000), 1000);
  const url = await source.generateSasUrl({ permissions: BlobSASPermissions.parse("r"), expiresOn: inAnHour() });
  const target = (await container(north)).getBlobClient("target");
  const poller = await target.beginCopyFromURL(url, { intervalInMs: 50 });
  assert.equal((await target.getProperties()).copyStatus, "pending");
  assert.equal((await poller.pollUntilDone()).copyStatus, "success");
});
