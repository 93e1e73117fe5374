"""AzCopy moves files and blobs to, from and between two accounts of the emulator."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request
import uuid

ACCOUNTS = json.loads(os.environ["BLOBFERRY_EMULATOR"])["accounts"]
NORTH, SOUTH = ACCOUNTS[:2]
MIB = 1 << 20


def azcopy(*arguments, stdin=None):
    """What AzCopy ends with: the summary of a job, or everything it said."""
    command = [os.environ["AZCOPY"], *map(str, arguments), *kind_of(arguments), "--output-type", "json"]
    ended = subprocess.run(command, input=stdin, capture_output=True, timeout=120)
    said = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith(b"{")]
    assert ended.returncode == 0, (arguments, said[-3:], ended.stderr, log_of(said))
    summaries = [json.loads(line["MessageContent"]) for line in said if line["MessageType"] == "EndOfJob" and line["MessageContent"].startswith("{")]
    return summaries[-1] if summaries else said


def kind_of(arguments):
    """At an IP address AzCopy cannot see what it is talking to, and is told."""
    verb, *places = map(str, arguments[:3])
    blob = [place.startswith("http") for place in places]
    if verb == "list" or "--from-to" in arguments:
        return ["--location", "Blob"] if verb == "list" else []
    if verb == "jobs":
        return []
    if verb in ("remove", "set-properties"):
        return ["--from-to", "BlobTrash" if verb == "remove" else "BlobNone"]
    return ["--from-to", "".join("Blob" if there else "Local" for there in blob)]


def log_of(said):
    for line in said:
        if line["MessageType"] == "Init":
            job = json.loads(line["MessageContent"])["JobID"]
            log = pathlib.Path(os.environ["AZCOPY_LOG_LOCATION"], f"{job}.log")
            return log.read_text()[-6000:] if log.exists() else ""


def transfers(summary):
    return int(summary["TransfersCompleted"]), int(summary["TransfersFailed"])


def answer(method, url, body=None, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=body, method=method, headers={"x-ms-version": "2021-12-02", **headers})
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30)


def at(account, container, name="", query=""):
    """The URL with a SAS that allows everything."""
    path = f"{account['url']}/{container}/{name}".rstrip("/")
    return f"{path}?{query}{'&' if query else ''}{account['sas']}"


def listed(url):
    lines = [json.loads(line["MessageContent"]) for line in azcopy("list", url, "--machine-readable") if line["MessageType"] == "ListObject"]
    return {line["Path"]: int(line["ContentLength"]) for line in lines}


class AzCopyTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)
        self.north, self.south = self.container(NORTH), self.container(SOUTH)

    def container(self, account):
        name = f"c{uuid.uuid4().hex}"
        answer("PUT", at(account, name, query="restype=container"), b"")
        self.addCleanup(lambda: answer("DELETE", at(account, name, query="restype=container")))
        return name

    def files(self, **sizes):
        """A folder of files of these sizes with random content."""
        folder = self.here / "files"
        for name, size in {"a.txt": 5, "deep/er/b.bin": 2 * MIB + 17, "empty": 0, "ü & 100 %.txt": 9, **sizes}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(os.urandom(size))
        return folder

    def assert_same(self, left, right):
        def content(folder):
            return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

        self.assertEqual(content(left), content(right))


class Files(AzCopyTest):
    def test_a_folder_goes_up_in_blocks_and_comes_back_checked(self):
        folder = self.files()
        up = azcopy("copy", f"{folder}/*", at(NORTH, self.north), "--recursive", "--put-md5", "--block-size-mb", 0.25)
        self.assertEqual(transfers(up), (4, 0))
        self.assertEqual(listed(at(NORTH, self.north)), {"a.txt": 5, "deep/er/b.bin": 2 * MIB + 17, "empty": 0, "ü & 100 %.txt": 9})
        down = azcopy("copy", at(NORTH, self.north, "*"), self.here / "back", "--recursive", "--check-md5", "FailIfDifferentOrMissing")
        self.assertEqual(transfers(down), (4, 0))
        self.assert_same(folder, self.here / "back")

    def test_page_and_append_blobs_come_back(self):
        disk, log = self.here / "disk.vhd", self.here / "log.txt"
        disk.write_bytes(os.urandom(512) + bytes(MIB) + os.urandom(512))
        log.write_bytes(os.urandom(MIB + 3))
        for file, kind in (disk, "PageBlob"), (log, "AppendBlob"):
            azcopy("copy", file, at(NORTH, self.north, file.name), "--blob-type", kind, "--block-size-mb", 0.5)
            self.assertEqual(answer("HEAD", at(NORTH, self.north, file.name)).headers["x-ms-blob-type"], kind)
            azcopy("copy", at(NORTH, self.north, file.name), self.here / "back")
            self.assertEqual((self.here / "back").read_bytes(), file.read_bytes())
            (self.here / "back").unlink()

    def test_what_is_said_of_a_file_is_kept_with_the_blob(self):
        (self.here / "page.html").write_text("<p>")
        azcopy(
            "copy", self.here / "page.html", at(NORTH, self.north, "page"), "--metadata", "k=v;k2=v2", "--blob-tags", "stage=raw",
            "--block-blob-tier", "Cool", "--cache-control", "no-cache",
        )
        head = answer("HEAD", at(NORTH, self.north, "page")).headers
        self.assertEqual((head["x-ms-meta-k"], head["x-ms-meta-k2"], head["x-ms-tag-count"]), ("v", "v2", "1"))
        self.assertEqual((head["x-ms-access-tier"], head["Cache-Control"]), ("Cool", "no-cache"))
        self.assertTrue(head["Content-Type"].startswith("text/html"))

    def test_a_pipe_is_as_good_as_a_file(self):
        azcopy("copy", at(NORTH, self.north, "piped"), "--from-to", "PipeBlob", stdin=b"through a pipe")
        self.assertEqual(answer("GET", at(NORTH, self.north, "piped")).read(), b"through a pipe")

    def test_only_what_is_named_is_moved(self):
        folder = self.files(**{"c.txt": 3, "d.log": 4})
        up = azcopy("copy", f"{folder}/*", at(NORTH, self.north), "--recursive", "--include-pattern", "*.txt")
        self.assertEqual(transfers(up), (3, 0))
        down = azcopy("copy", at(NORTH, self.north), self.here / "back", "--recursive", "--include-path", "a.txt;c.txt")
        self.assertEqual(transfers(down), (2, 0))

    def test_a_second_copy_that_may_not_overwrite_skips(self):
        folder = self.files()
        azcopy("copy", f"{folder}/*", at(NORTH, self.north), "--recursive")
        again = azcopy("copy", f"{folder}/*", at(NORTH, self.north), "--recursive", "--overwrite", "false")
        self.assertEqual((transfers(again), int(again["TransfersSkipped"])), ((0, 0), 4))

    def test_a_snapshot_is_downloaded(self):
        answer("PUT", at(NORTH, self.north, "b"), b"before", x_ms_blob_type="BlockBlob")
        snapshot = answer("PUT", at(NORTH, self.north, "b", "comp=snapshot"), b"").headers["x-ms-snapshot"]
        answer("PUT", at(NORTH, self.north, "b"), b"after", x_ms_blob_type="BlockBlob")
        azcopy("copy", at(NORTH, self.north, "b", f"snapshot={snapshot}"), self.here / "back")
        self.assertEqual((self.here / "back").read_bytes(), b"before")


class BetweenAccounts(AzCopyTest):
    def copied(self, *options):
        return azcopy("copy", at(SOUTH, self.south), at(NORTH, self.north), "--recursive", "--as-subdir=false", *options)

    def back(self):
        azcopy("copy", at(NORTH, self.north, "*"), self.here / "back", "--recursive")
        return self.here / "back"

    def test_a_container_is_copied_within_the_service(self):
        folder = self.files()
        azcopy("copy", f"{folder}/*", at(SOUTH, self.south), "--recursive")
        self.assertEqual(transfers(self.copied("--block-size-mb", 0.5)), (4, 0))
        self.assert_same(folder, self.back())

    def test_page_and_append_blobs_keep_their_type(self):
        (self.here / "files").mkdir()
        (self.here / "files/disk").write_bytes(os.urandom(MIB))
        (self.here / "files/log").write_bytes(os.urandom(MIB + 7))
        azcopy("copy", self.here / "files/disk", at(SOUTH, self.south, "disk"), "--blob-type", "PageBlob")
        azcopy("copy", self.here / "files/log", at(SOUTH, self.south, "log"), "--blob-type", "AppendBlob")
        self.assertEqual(transfers(self.copied()), (2, 0))
        kinds = [answer("HEAD", at(NORTH, self.north, name)).headers["x-ms-blob-type"] for name in ("disk", "log")]
        self.assertEqual(kinds, ["PageBlob", "AppendBlob"])
        self.assert_same(self.here / "files", self.back())

    def test_metadata_headers_tier_and_tags_go_along(self):
        answer(
            "PUT", at(SOUTH, self.south, "b"), b"x", x_ms_blob_type="BlockBlob", x_ms_meta_k="v", x_ms_tags="stage=raw&of=a%20b",
            x_ms_access_tier="Cool", x_ms_blob_content_language="de",
        )
        self.assertEqual(transfers(self.copied("--s2s-preserve-blob-tags")), (1, 0))
        head = answer("HEAD", at(NORTH, self.north, "b")).headers
        self.assertEqual((head["x-ms-meta-k"], head["Content-Language"]), ("v", "de"))
        self.assertEqual((head["x-ms-access-tier"], head["x-ms-tag-count"]), ("Cool", "2"))

    def test_all_containers_of_an_account_are_copied(self):
        answer("PUT", at(SOUTH, self.south, "b"), b"x", x_ms_blob_type="BlockBlob")
        whole = [f"{account['url']}/?{account['sas']}" for account in (SOUTH, NORTH)]
        self.assertGreaterEqual(transfers(azcopy("copy", *whole, "--recursive"))[0], 1)
        self.addCleanup(lambda: answer("DELETE", at(NORTH, self.south, query="restype=container")))
        self.assertEqual(answer("GET", at(NORTH, self.south, "b")).read(), b"x")

    def test_containers_are_kept_in_step(self):
        for name in "abc":
            answer("PUT", at(SOUTH, self.south, name), name.encode(), x_ms_blob_type="BlockBlob")
        both = at(SOUTH, self.south), at(NORTH, self.north)
        self.assertEqual(transfers(azcopy("sync", *both)), (3, 0))
        answer("DELETE", at(SOUTH, self.south, "a"))
        self.assertEqual(transfers(azcopy("sync", *both, "--delete-destination", "true")), (0, 0))
        self.assertEqual(listed(at(NORTH, self.north)), {"b": 1, "c": 1})


class InStep(AzCopyTest):
    def test_a_folder_is_kept_in_step_both_ways(self):
        folder = self.files()
        self.assertEqual(transfers(azcopy("sync", folder, at(NORTH, self.north))), (4, 0))
        self.assertEqual(transfers(azcopy("sync", folder, at(NORTH, self.north), "--compare-hash", "MD5", "--put-md5"))[1], 0)
        (folder / "a.txt").unlink()
        (folder / "new").write_text("new")
        self.assertEqual(transfers(azcopy("sync", folder, at(NORTH, self.north), "--delete-destination", "true"))[1], 0)
        self.assertEqual(sorted(listed(at(NORTH, self.north))), ["deep/er/b.bin", "empty", "new", "ü & 100 %.txt"])
        (self.here / "back").mkdir()
        azcopy("sync", at(NORTH, self.north), self.here / "back")
        self.assert_same(folder, self.here / "back")


class Changes(AzCopyTest):
    def test_properties_are_set_for_all_blobs(self):
        for name in "ab":
            answer("PUT", at(NORTH, self.north, name), b"x", x_ms_blob_type="BlockBlob")
        done = azcopy(
            "set-properties", at(NORTH, self.north), "--recursive", "--block-blob-tier", "Cool", "--metadata", "k=v", "--blob-tags", "t=1"
        )
        self.assertEqual(transfers(done), (2, 0))
        head = answer("HEAD", at(NORTH, self.north, "a")).headers
        self.assertEqual((head["x-ms-access-tier"], head["x-ms-meta-k"], head["x-ms-tag-count"]), ("Cool", "v", "1"))

    def test_blobs_are_removed_with_their_snapshots(self):
        for name in "a/1", "a/2", "b":
            answer("PUT", at(NORTH, self.north, name), b"x", x_ms_blob_type="BlockBlob")
        answer("PUT", at(NORTH, self.north, "a/1", "comp=snapshot"), b"")
        self.assertEqual(transfers(azcopy("remove", at(NORTH, self.north, "a"), "--recursive", "--delete-snapshots", "include")), (2, 0))
        self.assertEqual(listed(at(NORTH, self.north)), {"b": 1})


if __name__ == "__main__":
    unittest.main()
