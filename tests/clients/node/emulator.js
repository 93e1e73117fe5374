// Two accounts of a running emulator, and containers of one's own in them.
import { randomUUID } from "node:crypto";
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";

const told = JSON.parse(process.env.BLOBFERRY_EMULATOR);

function account(shown) {
  const key = /AccountKey=([^;]+)/.exec(shown.connection_string)[1];
  const credential = new StorageSharedKeyCredential(shown.name, key);
  const options = { retryOptions: { maxTries: 1 } };
  return {
    name: shown.name,
    url: shown.url,
    connectionString: shown.connection_string,
    credential,
    service: new BlobServiceClient(shown.url, credential, options),
    /** The account as somebody else meets it: with a SAS, or with nothing. */
    guest: (sas = "") => new BlobServiceClient(shown.url + (sas && `?${sas}`), undefined, options),
  };
}

export const [north, south] = told.accounts.map(account);

/** A container that ends with its test. */
export async function freshContainer(test, of = north) {
  const container = of.service.getContainerClient(`c${randomUUID().replaceAll("-", "")}`);
  await container.create();
  test.after(() => container.deleteIfExists());
  return container;
}

/** All items of an asynchronous iterator. */
export async function all(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

/** What assert.rejects takes: a refusal with this status and error code. */
export const refusal = (statusCode, code) => ({ statusCode, code });

export const textOf = async (blob) => (await blob.downloadToBuffer()).toString();

export const inAnHour = () => new Date(Date.now() + 3_600_000);
